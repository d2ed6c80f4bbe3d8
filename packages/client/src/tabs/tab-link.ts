import { schedule } from '../clock.ts'
import type { SharedFeed } from '../connection/sharing.ts'
import type { RawEvent } from '../event.ts'
import type { Elsewhere, Link, TransportRequest, TransportSink } from '../transport/transport.ts'
import { isFor } from './memory.ts'
import { errorIn, type Hello, type Told } from './messages.ts'
import type { Channel, Room } from './room.ts'

/** Milliseconds for which it waits for what it missed before it goes to the server; and for what it reads there. */
const PATIENCE = 500
/** After so many messages it says that it has had them. */
const ACKNOWLEDGED = 128

/** One attempt of a feed: what it asks for, and whom it tells. */
export interface Asking {
  readonly request: TransportRequest
  readonly sink: TransportSink
  readonly types: Iterable<string>
}

export interface TabLinkOptions extends Asking {
  readonly id: string
  readonly room: Room
  readonly feed: SharedFeed
  /** Says something to the tab that leads. */
  readonly say: (hello: Omit<Hello, 'member' | 'types'>) => void
  /** The event types that are wanted here. */
  readonly wanted: () => ReadonlySet<string>
  /** Whether what is said in this epoch counts. */
  readonly heard: (epoch: number) => boolean
  /** The tab that leads said this, whose events have been received. */
  readonly onTold: (told: Told) => void
  readonly onRetry: (delay: number) => void
  /** From its cursor on it reads these channels by itself. */
  readonly onItself: (channels: readonly string[]) => void
  /** What it missed, nobody knows but the server; the next link is to ask for it. */
  readonly onMissed: () => void
  readonly onClosed: () => void
}

/**
 * An attempt that goes to the server itself, or follows the tab that leads.
 *
 * Where that tab does not know what came since this one's cursor, this one goes to the server until it does: it says
 * how far it has come, and holds back what comes next, until it is told what came since, or has waited long enough.
 *
 *     the server   1  2  3  4  5  6  7  8          by itself   1  2  3 (4  5)
 *                                                                      asks from 3
 *     the leader            3  4  5  6  7          is told                4  5  6  7 …
 */
export class TabLink implements Link {
  readonly #options: TabLinkOptions
  /** What it asked for: what is read later is another link's. */
  readonly #channels: readonly string[]
  /** Its own connection. */
  #own: Link | undefined
  #ownIsOpen = false
  #box: Channel | undefined
  #over = false
  /** Whether it has told anything of the connection. */
  #begun = false
  #open = false
  #follows = false
  /** Of the last message. */
  #number = 0
  /** From where it has asked what came. */
  #asked: string | undefined
  /** How far its own connection has come, and what of that is held back. */
  #reached = ''
  #held: RawEvent[] = []
  #hasRead = false
  #timer: unknown
  /** The request by which the events come. */
  #url: string

  constructor(options: TabLinkOptions) {
    this.#options = options
    this.#channels = options.feed.asked()
    this.#url = options.request.url
  }

  /** Whether it has a connection of its own. */
  get isOwn(): boolean {
    return this.#own !== undefined
  }

  /** Follows whoever leads, once it has asked. */
  follow(): void {
    const { room, id, heard } = this.#options
    this.#box = room.open(id, (told) => {
      if (!this.#over && heard((told as Told).epoch)) this.#hear(told as Told)
    })
  }

  /** Says where it is, and what it reads. */
  ask(wish: Hello['wish'] = ''): void {
    if (this.#box === undefined) return
    const { id, feed, say } = this.#options
    const lost = !this.#follows
    if (lost && wish !== 'leave') this.#letGo()
    const cursor = this.#own === undefined ? feed.lastEventId() : this.#reached
    if (lost) this.#asked = cursor
    say({ link: id, cursor, channels: this.#channels, lost, number: this.#number, wish })
  }

  /** Has to be told anew from where it follows: by another tab, say. */
  rejoin(): void {
    this.#follows = false
    this.ask()
  }

  /** This tab leads from now on. */
  lead(): void {
    if (this.#begun && this.#own === undefined) return this.end({ kind: 'handover' })
    this.#leave()
    this.#letGo()
    this.goItself()
  }

  /** Goes to the server. */
  goItself(): void {
    if (this.#own !== undefined || this.#over) return
    const { feed, request, sink, types, wanted, onItself, onRetry } = this.#options
    this.#reached = feed.lastEventId()
    if (this.#box !== undefined) onItself(this.#channels)
    const own = feed.transport.connect(
      request,
      {
        ...sink,
        open: () => {
          this.#ownIsOpen = this.#begun = this.#open = true
          sink.open()
        },
        receive: (events, lastEventId, url) => {
          if (this.#box === undefined) return sink.receive(events, lastEventId, url)
          this.#reached = lastEventId
          this.#held.push(...events)
          // From where it asked before, the tab that leads did not know; what comes now waits for the answer.
          if (!this.#hasRead) this.ask()
          this.#hasRead = true
        },
        retry: (delay) => {
          onRetry(delay)
          sink.retry(delay)
        },
        close: (outcome) => {
          this.#letGo()
          this.#own = undefined
          this.end(outcome)
        },
      },
      // Others may have been read since.
      [...types, ...feed.types(), ...wanted()],
    )
    if (this.#over) return own.close()
    this.#own = own
    if (this.#box !== undefined) this.#wait()
  }

  /** The attempt is over. */
  end(outcome: Parameters<TransportSink['close']>[0]): void {
    if (this.#over) return
    this.close()
    this.#options.sink.close(outcome)
  }

  readonly close = (): void => {
    if (this.#over) return
    this.ask('leave')
    this.#over = true
    this.#leave()
    this.#own?.close()
    this.#options.onClosed()
  }

  readonly listen = (types: Iterable<string>): void => {
    this.#own?.listen(types)
  }

  /**
   * Tells what is held back. While it may go on with what another tab tells, it goes no further than the last event that
   * is wanted here: what came after that, the other tab may not have told anyone.
   */
  #letGo(): void {
    const { sink, wanted } = this.#options
    const wants = { types: wanted() }
    const isWanted = (event: RawEvent) => this.#box === undefined || isFor(event, wants)
    const events = this.#held.splice(0, this.#held.findLastIndex(isWanted) + 1)
    const last = events.at(-1)
    if (last !== undefined) sink.receive(events, last.lastEventId)
  }

  /** Hears no other tab any more. */
  #leave(): void {
    this.#box?.close()
    this.#box = undefined
    this.#follows = false
    this.#stopWaiting()
  }

  #hear(told: Told): void {
    const isNext = told.number === this.#number + 1
    this.#number = told.number
    this.#options.sink.active(0, false)
    if (!isNext) this.#follows = false
    if (told.start !== undefined) this.#start(told)
    else if (!isNext) this.ask()
    else if (this.#follows) this.#take(told)
    else this.#look(told)
    if (this.#follows && told.number % ACKNOWLEDGED === 0) this.ask()
  }

  /** From here on it is told everything. */
  #start(told: Told): void {
    const { wanted, sink, feed } = this.#options
    // It had asked twice: who leads may have held something back meanwhile.
    if (this.#follows && told.start !== feed.lastEventId()) return this.rejoin()
    // It has asked from elsewhere since, or for something else.
    if (!this.#follows && told.start !== this.#asked) return
    if (wanted().symmetricDifference(new Set(told.types)).size > 0) return
    // Without a cursor, nobody knows what came meanwhile: that is told where another attempt opens.
    if (this.#open && !this.#follows && told.start === '') return this.end({ kind: 'handover' })
    this.#own?.close()
    this.#own = undefined
    this.#held = []
    this.#asked = undefined
    this.#follows = this.#begun = true
    this.#stopWaiting()
    if (!this.#open) sink.open()
    this.#open = true
    if (this.#follows) this.#take(told)
  }

  /** It cannot follow yet. */
  #look({ standing }: Told): void {
    if (standing?.status === 'open') this.#wait()
    else if (this.#own === undefined) this.#stand(standing)
  }

  /** Goes by itself after a while, where nobody tells it what it needs; then asks again and again. */
  #wait(): void {
    this.#timer ??= schedule(this.#options.feed.clock, () => this.#waited(), PATIENCE)
  }

  #waited(): void {
    this.#timer = undefined
    if (this.#follows) return
    if (this.#own !== undefined) {
      this.ask(this.#ownIsOpen && this.#asked === this.#reached ? 'settle' : '')
      this.#wait()
    } else if (this.#begun) {
      this.#options.onMissed()
      this.end({ kind: 'handover' })
    } else {
      this.goItself()
    }
  }

  #stopWaiting(): void {
    if (this.#timer !== undefined) this.#options.feed.clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #take(told: Told): void {
    const { sink, feed, onTold, onRetry } = this.#options
    const { url, events = [], cursor, recalled, retry, skipped, standing, start } = told
    if (url) this.#url = url
    if (retry !== undefined) {
      onRetry(retry)
      sink.retry(retry)
    }
    if (skipped !== undefined) sink.skipped(skipped)
    // One that has no cursor yet knows no better than this one.
    if (cursor || events.length > 0) sink.receive(events, cursor ?? '', this.#url)
    onTold(told)
    if (recalled !== undefined) feed.recall(recalled, this.#url, start === undefined)
    this.#stand(standing)
  }

  #stand(standing: Told['standing']): void {
    if (standing === undefined || this.#over) return
    const { sink } = this.#options
    const { status, reason, retryAt } = standing
    const error = errorIn(standing)
    if (status === 'closed' && isFinal(reason)) {
      this.end({ kind: 'closed', reason, error })
    } else if (status === 'open') {
      if (!this.#open) sink.open()
      this.#open = true
    } else if (error !== undefined) {
      this.#begun = true
      this.#open = false
      sink.interrupted(error, retryAt)
    } else if (this.#open) {
      this.end({ kind: 'handover' })
    }
  }
}

type Final = Extract<Elsewhere, { kind: 'closed' }>['reason']

const finals: readonly Final[] = ['ended', 'refused', 'gave-up', 'unsupported']

function isFinal(reason: string | undefined): reason is Final {
  return finals.some((final) => final === reason)
}

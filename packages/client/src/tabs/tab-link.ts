import { schedule } from '../clock.ts'
import type { SharedFeed } from '../connection/sharing.ts'
import type { RawEvent } from '../event.ts'
import { isWithin } from '../stream/channel-name.ts'
import type { Elsewhere, Link, TransportRequest, TransportSink } from '../transport/transport.ts'
import { isFor, type Memory } from './memory.ts'
import { errorIn, type Hello, type Told } from './messages.ts'
import type { Channel, Room } from './room.ts'

/** Milliseconds for which it waits for what it missed, or reads in vain for it, before it goes on. */
const PATIENCE = 500

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
  readonly memory: Memory
  /** Says something to the tab that leads. */
  readonly say: (hello: Pick<Hello, 'link' | 'cursor' | 'channels' | 'lost' | 'wish'>) => void
  /** The event types that are wanted here. */
  readonly wanted: () => ReadonlySet<string>
  /** Whether what is said in this epoch counts. */
  readonly heard: (epoch: number) => boolean
  /** The tab that leads said this, whose events have been received. */
  readonly onTold: (told: Told) => void
  readonly onRetry: (delay: number) => void
  /** What it missed, nobody knows but the server; the next link is to ask for it. */
  readonly onMissed: () => void
  readonly onClosed: () => void
}

/**
 * An attempt that goes to the server itself, or follows the tab that leads.
 *
 * Where that tab does not know what came since this one's cursor, both are read, until one brings an event that the
 * other has brought: what follows is all there is.
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
  /** What it is told while it does not know what came before. */
  #later: Told[] | undefined
  /** What its own connection brought after the last event that is wanted here. */
  #unsaid: readonly RawEvent[] = []
  /** How far it has come by itself meanwhile, and when. */
  #reached = ''
  #reachedAt = 0
  #timer: unknown
  /** The request by which the events come. */
  #url: string

  constructor(options: TabLinkOptions) {
    this.#options = options
    this.#channels = options.feed.asked()
    this.#url = options.request.url
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
    const lost = !this.#follows && this.#later === undefined
    say({ link: id, cursor: feed.lastEventId(), channels: this.#channels, lost, wish })
  }

  /** Other types are wanted: what it was told of the former ones alone, it cannot go on from. */
  reads(): void {
    if (this.#later === undefined) this.ask()
    else this.rejoin()
  }

  /** Has to be told anew from where it follows: by another tab, say. */
  rejoin(wish: Hello['wish'] = ''): void {
    this.#lose()
    this.ask(wish)
  }

  /** This tab leads from now on. */
  lead(): void {
    if (this.#begun && this.#own === undefined) return this.end({ kind: 'handover' })
    this.#leave()
    this.goItself()
    this.#say(this.#unsaid)
    this.#unsaid = []
  }

  /** Goes to the server. */
  goItself(): void {
    if (this.#own !== undefined || this.#over) return
    const { feed, request, sink, types, onRetry } = this.#options
    this.#reached = feed.lastEventId()
    this.#reachedAt = feed.clock.now()
    const own = feed.transport.connect(
      request,
      {
        ...sink,
        open: () => {
          this.#ownIsOpen = this.#begun = this.#open = true
          sink.open()
        },
        receive: (events, lastEventId, url) => {
          if (this.#box === undefined) sink.receive(events, lastEventId, url)
          else this.#read(events)
        },
        retry: (delay) => {
          onRetry(delay)
          sink.retry(delay)
        },
        close: (outcome) => {
          this.#own = undefined
          this.end(outcome)
        },
      },
      types,
    )
    if (this.#over) own.close()
    else this.#own = own
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
   * Its own connection brought these. While it may go on with what another tab tells, it goes no further than the last
   * event that is wanted here: what came after that, the other tab may not have told anyone.
   */
  #read(events: readonly RawEvent[]): void {
    const wants = { types: this.#options.wanted() }
    const all = [...this.#unsaid, ...events]
    const count = all.findLastIndex((event) => isFor(event, wants)) + 1
    this.#unsaid = all.slice(count)
    this.#say(all.slice(0, count))
  }

  #say(events: readonly RawEvent[]): void {
    const last = events.at(-1)
    if (last === undefined) return
    this.#options.sink.receive(events, last.lastEventId)
    if (events.some(({ id }) => id !== undefined)) this.#reach(last.lastEventId)
  }

  /** It does not know where it is. */
  #lose(): void {
    this.#follows = false
    this.#later = undefined
  }

  /** Hears no other tab any more. */
  #leave(): void {
    this.#box?.close()
    this.#box = undefined
    this.#lose()
    this.#stopWaiting()
  }

  #hear(told: Told): void {
    const isNext = told.number === this.#number + 1
    this.#number = told.number
    this.#options.sink.active(0, false)
    if (!isNext) this.#lose()
    if (told.start !== undefined) this.#start(told)
    else if (!isNext) this.ask()
    else if (this.#later !== undefined) this.#meet(told)
    else if (this.#follows) this.#take(told)
    else this.#look(told)
  }

  /** From here on it is told everything. */
  #start(told: Told): void {
    const cursor = this.#options.feed.lastEventId()
    // It had asked twice, and has had all this.
    if (this.#follows) return this.#take({ ...told, events: [] })
    // It has asked for others since.
    if (this.#options.wanted().symmetricDifference(new Set(told.types)).size > 0) return
    if (told.start === cursor && told.events !== undefined) return this.#join([told])
    if (this.#own === undefined) {
      // What it was told by another tab meanwhile, is not to come once more, or before.
      if (told.start !== cursor) return this.rejoin()
      this.#reached = cursor
    }
    this.#later ??= []
    this.#wait()
    this.#meet(told)
  }

  /** It cannot follow yet. */
  #look({ standing, channels = [] }: Told): void {
    if (this.#own === undefined && standing?.status !== 'open') this.#stand(standing)
    if (standing?.status !== 'open' || this.#over) return
    const heard = new Set(channels)
    this.#wait()
    if (this.#channels.every((channel) => isWithin(channel, heard))) this.ask()
  }

  /** Goes by itself after a while, where nobody tells it what it needs; then reads on for as long as there is more. */
  #wait(): void {
    this.#timer ??= schedule(this.#options.feed.clock, () => this.#waited(), PATIENCE)
  }

  #waited(): void {
    const { feed, onMissed } = this.#options
    const now = feed.clock.now()
    this.#timer = undefined
    if (this.#follows) return
    if (this.#own === undefined && this.#begun) {
      onMissed()
      this.end({ kind: 'handover' })
    } else if (this.#own === undefined) {
      this.goItself()
      this.#wait()
    } else if (
      this.#later === undefined ||
      !this.#ownIsOpen ||
      now - this.#reachedAt < PATIENCE - 1
    ) {
      this.#wait()
    } else if (this.#later.some(({ cursor }) => cursor)) {
      this.#join(this.#later)
    } else {
      this.rejoin('settle')
      this.#wait()
    }
  }

  #stopWaiting(): void {
    if (this.#timer !== undefined) this.#options.feed.clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #reach(id: string): void {
    if (this.#box === undefined) return
    this.#reached = id
    this.#reachedAt = this.#options.feed.clock.now()
    this.#meet()
  }

  /** Looks whether what it is told has come to where it is itself, or the other way about. */
  #meet(told?: Told): void {
    const { memory } = this.#options
    const later = this.#later
    if (later === undefined) return
    if (told?.standing && told.standing.status !== 'open') return this.rejoin()
    if (told !== undefined) later.push(told)
    const isHere = (id = '') => id !== '' && memory.equal(id, this.#reached)
    for (const [index, { start, cursor, events }] of [...later.entries()].toReversed()) {
      const all = events ?? []
      const at = isHere(cursor) ? all.length : all.findLastIndex(({ id }) => isHere(id)) + 1
      if (at === 0 && !isHere(cursor) && !(events && isHere(start))) continue
      // What came with these is known; what they say besides is not.
      const known = later.slice(0, index).map((each) => ({ ...each, events: [], cursor: '' }))
      const [first, ...rest] = later.slice(index) as [Told, ...Told[]]
      return this.#join([...known, { ...first, events: all.slice(at) }, ...rest])
    }
  }

  #join(tolds: readonly Told[]): void {
    this.#own?.close()
    this.#own = undefined
    this.#ownIsOpen = false
    this.#unsaid = []
    this.#later = undefined
    this.#follows = this.#begun = this.#open = true
    this.#stopWaiting()
    this.#options.sink.open()
    for (const told of tolds) if (this.#follows) this.#take(told)
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

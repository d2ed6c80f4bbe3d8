import { schedule } from '../clock.ts'
import type { RawEvent } from '../event.ts'
import { isWithin } from '../stream/channel-name.ts'
import type { Elsewhere } from '../transport/transport.ts'
import { isFor, isSame, type Wants } from './memory.ts'
import { errorIn, type Hello, type Told } from './messages.ts'
import type { Channel, Room } from './room.ts'
import type { TabLink } from './tab-link.ts'
import type { TabFeed } from './tab-feed.ts'

/** Milliseconds for which it waits to be told before it goes to the server; and after which it asks again from there. */
const PATIENCE = 500
/** After so many messages it says that it has had them. */
const ACKNOWLEDGED = 128

export interface FollowingOptions {
  readonly id: string
  readonly room: Room
  readonly feed: TabFeed
  /** Says something to the tab that leads. */
  readonly say: (hello: Omit<Hello, 'member'>) => void
  /** The event types that are wanted here. */
  readonly wanted: () => ReadonlySet<string>
  /** Whether what is said in this epoch counts. */
  readonly heard: (epoch: number) => boolean
  /** The tab that leads said this, of which this is read: gives the events that are. */
  readonly onTold: (told: Told, url: string, reads: Wants) => readonly RawEvent[]
  readonly onRetry: (delay: number) => void
  /** It has no link any more. */
  readonly onEnd: () => void
}

/**
 * What a tab is told by the one that leads, for as long as it has links: the one in use, and one that is to take over
 * from it, because other channels are read.
 *
 * Where the tab that leads does not know what came since this one's cursor, this one goes to the server until it does: it
 * says how far it has come, and holds back what comes next, until it is told what came since, or has waited long enough.
 *
 *     the server   1  2  3  4  5  6  7  8          by itself   1  2  3 (4  5)
 *                                                                      asks from 3
 *     the leader            3  4  5  6  7          is told                4  5  6  7 …
 */
export class Following {
  /** Whether it is told everything. */
  follows = false
  readonly #options: FollowingOptions
  readonly #box: Channel
  readonly #links: TabLink[] = []
  /** Of the last message. */
  #number = 0
  /** The cursor from which it last asked to be told, until it is. */
  #asked: string | undefined
  /** What the tab that leads hears. */
  #channels: ReadonlySet<string> = new Set()
  /** What it wants, and the turn of that; and the turn that the tab that leads is known to know of. */
  #wants: Wants = { types: new Set(), channels: new Set() }
  #turn = 0
  #known = 0
  /** The event types of which it is told all: the tab that leads knows of them, and it has wanted them ever since. */
  #types: ReadonlySet<string> = new Set()
  #timer: unknown
  /** The request by which the events come. */
  #url = ''

  constructor(options: FollowingOptions) {
    const { room, id, heard } = options
    this.#options = options
    this.#box = room.open(id, (told) => {
      if (heard((told as Told).epoch)) this.#hear(told as Told)
    })
  }

  add(link: TabLink): void {
    this.#links.push(link)
  }

  delete(link: TabLink): void {
    const at = this.#links.indexOf(link)
    if (at === -1) return
    if (this.#links.length === 1) {
      this.ask('leave')
      this.close()
    } else {
      this.#links.splice(at, 1)
      // What was to take over did not.
      if (at === 1) this.ask()
    }
  }

  /** Hears no other tab any more. */
  close(): void {
    this.#links.length = 0
    this.#box.close()
    this.#stopWaiting()
    this.#options.onEnd()
  }

  /** Says where it is, and what it reads. */
  ask(wish: Hello['wish'] = ''): void {
    const [link] = this.#links
    if (link === undefined) return
    const { id, feed, say } = this.#options
    this.#want()
    const lost = !this.follows
    if (lost && wish !== 'leave') link.letGo()
    const cursor = link.isOwn ? link.reached : feed.lastEventId()
    if (lost) this.#asked = cursor
    const said = { wants: this.#wants, turn: this.#turn, number: this.#number }
    say({ link: id, cursor, lost, wish, ...said })
  }

  #want(): void {
    const types = this.#options.wanted()
    const wants = { types, channels: new Set(this.#links.at(-1)?.channels) }
    if (isSame(wants, this.#wants)) return
    this.#wants = wants
    this.#turn += 1
    // What it did not want for a while, it was not told.
    const told = [...types].filter((type) => isFor({ type }, { types: this.#types }))
    this.#types = new Set(types.has('*') ? [...told, ...this.#types] : told)
  }

  /** Has to be told anew from where it follows: by another tab, say. */
  rejoin(): void {
    this.follows = false
    this.ask()
  }

  /** It reads by itself from now on, until it is told. */
  goItself(): void {
    this.follows = false
    this.#wait()
  }

  #hear(told: Told): void {
    this.#number = told.number
    this.#links[0]?.sink.active(0, false)
    if (told.start !== undefined) this.#start(told)
    else if (!this.follows) this.#look(told)
    else if (told.lost) this.rejoin()
    else this.#take(told)
    if (this.follows && told.number % ACKNOWLEDGED === 0) this.ask()
  }

  /** From here on it is told everything. */
  #start(told: Told): void {
    const { start } = told
    // It had asked twice: who leads may have held something back meanwhile.
    if (this.follows && start !== this.#options.feed.lastEventId()) return this.rejoin()
    // It has asked from elsewhere since, or for something else.
    if (!this.follows && start !== this.#asked) return
    if (told.turn !== this.#turn) return
    // Without a cursor, nobody knows what came meanwhile: that is told where another attempt opens.
    const [link] = this.#links
    if (link?.isOpen && !this.follows && start === '') {
      link.end({ kind: 'handover' })
      return this.ask()
    }
    this.#asked = undefined
    this.follows = true
    this.#stopWaiting()
    for (const link of this.#links) link.follow()
    this.#take(told)
  }

  /** It cannot follow yet. */
  #look({ standing }: Told): void {
    if (standing?.status === 'open') this.#wait()
    else if (!this.#links[0]?.isOwn) this.#stand(standing)
  }

  #take(told: Told): void {
    const { feed, onTold, onRetry } = this.#options
    const { url, events, cursor, recalled, retry, skipped, turn } = told
    if (url) this.#url = url
    if (told.channels !== undefined) this.#channels = new Set(told.channels)
    if (turn === this.#turn) {
      this.#known = turn
      this.#types = this.#wants.types
    }
    this.#stand(told.standing)
    this.#changeOver()
    const [link] = this.#links
    if (link === undefined) return
    if (retry !== undefined) {
      onRetry(retry)
      link.sink.retry(retry)
    }
    if (skipped !== undefined) link.sink.skipped(skipped)
    const reads = { types: this.#types, channels: new Set(link.channels) }
    const own = onTold(told, this.#url, reads)
    const reached = cursor ?? events?.at(-1)?.lastEventId ?? ''
    // One that has no cursor knows no better than this one, unless the server said so.
    if (reached || events) link.sink.receive(own, reached, this.#url)
    if (recalled !== undefined) feed.recall(recalled, turn !== undefined)
    // The one request has no room for all that tabs read.
    if (told.channels && !this.#isHeard(link)) this.rejoin()
  }

  /** Whether the tab that leads hears all that a link asked for. */
  #isHeard({ channels }: TabLink): boolean {
    return channels.every((name) => isWithin(name, this.#channels))
  }

  /** What is to take over does so once the tab that leads knows what it asked for, and hears all of it. */
  #changeOver(): void {
    const [link, next] = this.#links
    if (next === undefined || !link?.isOpen) return
    if (this.#known !== this.#turn || !this.#isHeard(next)) return this.#wait()
    next.follow()
    next.open()
  }

  #stand(standing: Told['standing']): void {
    const [link] = this.#links
    if (standing === undefined || link === undefined) return
    const { status, reason, retryAt } = standing
    const error = errorIn(standing)
    if (status === 'closed' && isFinal(reason)) {
      for (const link of this.#links.slice()) link.end({ kind: 'closed', reason, error })
    } else if (status === 'open') {
      link.open()
    } else if (error !== undefined) {
      link.interrupt(error, retryAt)
    } else if (link.isOpen) {
      link.end({ kind: 'handover' })
    }
  }

  /** Goes by itself after a while, where nobody tells it what it needs; then asks again and again. */
  #wait(): void {
    this.#timer ??= schedule(this.#options.feed.clock, () => this.#waited(), PATIENCE)
  }

  #waited(): void {
    this.#timer = undefined
    const link = this.#links.at(-1)
    const isNext = this.#links.length > 1
    if (link === undefined || (this.follows && (link.isOwn || !isNext))) return
    this.#wait()
    if (link.isOwn) this.ask(link.isOpen && this.#asked === link.reached ? 'settle' : '')
    else link.goOn()
  }

  #stopWaiting(): void {
    if (this.#timer !== undefined) this.#options.feed.clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

type Final = Extract<Elsewhere, { kind: 'closed' }>['reason']

const finals: readonly Final[] = ['ended', 'refused', 'gave-up', 'unsupported']

function isFinal(reason: string | undefined): reason is Final {
  return finals.some((final) => final === reason)
}

import type { ConnectionState } from '../connection/snapshot.ts'
import { isWithin } from '../stream/channel-name.ts'
import { runsOf, type Came } from './came.ts'
import { isFor, type Memory, type Wants } from './memory.ts'
import { standingOf, type Hello, type Told } from './messages.ts'
import { SOONEST } from './patience.ts'
import type { Channel, Room } from './room.ts'
import type { TabFeed } from './tab-feed.ts'

export interface LeadingOptions {
  /** The epoch of the one before. */
  readonly after: number
  readonly room: Room
  readonly feed: TabFeed
  readonly memory: Memory
  /** How the connection stands. */
  readonly state: () => ConnectionState
  /** The server's `retry` field. */
  readonly retry: () => number | undefined
  /** Whether the lock is still this tab's. */
  readonly isOurs: () => Promise<boolean>
  /** Those who follow want something else by now. */
  readonly onWants: (wants: Wants) => void
}

/** Another tab. */
interface Follower {
  readonly box: Channel
  readonly gone: AbortController
  wants: Wants
  /** Its turn; -1 before the first. */
  turn: number
  /** What it asked, as long as it cannot be told what came since its cursor. */
  asks: Hello | undefined
  /** Whether it is told everything. */
  follows: boolean
  /** Messages so far, and how many of them it is known to have had. */
  sent: number
  had: number
  /** Where nothing came any more, at which cursor of this tab, and since when. */
  settled: { readonly cursor: string; readonly here: string; readonly at: number } | undefined
}

/** How many messages may wait for a tab that hears nothing, because it is suspended, say. */
const WAITING = 1_024
/** Milliseconds in which nothing comes to either tab, after which both have all there is. */
const QUIET = 400

/** What the tab that has the connection does for the others. */
export class Leading {
  readonly #options: LeadingOptions
  readonly #followers = new Map<string, Follower>()
  readonly #desk: Channel
  readonly #announcements: Channel
  /** Later than that of whoever led before. */
  #epoch = 0
  /** When it last had something to say. */
  #ranAt: number
  /** Whether the lock is still this tab's, as long as it has to ask. */
  #doubt: Promise<boolean> | undefined
  #url = ''
  #closed = false

  constructor(options: LeadingOptions) {
    this.#options = options
    this.#ranAt = options.feed.clock.now()
    this.#announcements = options.room.open('lead', (epoch) => {
      // It may have hung as it came to lead, and not know yet that this one has replaced it.
      if ((epoch as number) > this.#epoch) this.#contest(epoch as number)
    })
    this.#announce(options.after)
    this.#desk = options.room.open('desk', (hello) => {
      if ((hello as Partial<Hello>).wants) this.#surely(() => this.#answer(hello as Hello))
    })
  }

  get epoch(): number {
    return this.#epoch
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0
  }

  /** What all who follow want. */
  wants(): Wants {
    const all = [...this.#followers.values()].map(({ wants }) => wants)
    return {
      types: new Set(all.flatMap(({ types }) => [...types])),
      channels: new Set(all.flatMap(({ channels }) => [...channels])),
    }
  }

  /** The connection brought these, which from now on are to be remembered. */
  relay(url: string, remember: () => readonly Came[]): void {
    const { memory } = this.#options
    this.#surely(() => {
      const wasBehind = memory.known !== undefined
      const events = remember().map(({ event }) => event)
      if (url !== this.#url) this.#tellAll({ url: (this.#url = url) })
      const { cursor } = memory
      // Together with them: an event of a channel that is not known to be heard is taken for one that nobody asked for.
      const heard = wasBehind ? { channels: this.#channels() } : undefined
      for (const follower of this.#followers.values()) {
        if (!follower.follows) {
          this.#begin(follower)
          continue
        }
        const wanted = events.filter((event) => isFor(event, follower.wants))
        // Without events, it is about the cursor.
        const isNews = heard !== undefined || wanted.length > 0 || events.length === 0
        if (isNews) this.#tell(follower, { events: wanted, cursor, ...heard })
      }
    })
  }

  /** Says something to all. */
  tell(told: Partial<Told>): void {
    this.#surely(() => this.#tellAll(told))
  }

  /** It stands otherwise, or asks for other channels. */
  stands(): void {
    const { state } = this.#options
    const { cursor } = this.#options.memory
    this.tell({ standing: standingOf(state()), channels: this.#channels(), cursor })
    this.#surely(() => {
      for (const follower of this.#followers.values()) {
        follower.settled = undefined
        this.#begin(follower)
      }
    })
  }

  /** The channels of which others are told everything. */
  #channels(): readonly string[] {
    const { feed, memory } = this.#options
    const { known } = memory
    const heard = new Set(feed.heard())
    return known ? [...within(known, heard), ...within(heard, known)] : [...heard]
  }

  /** Ends. */
  close(): void {
    this.#closed = true
    this.#desk.close()
    this.#announcements.close()
    for (const link of this.#followers.keys()) this.#remove(link)
  }

  /** Says that it leads from now on. */
  #announce(after: number): void {
    const { clock } = this.#options.feed
    // Two that lead within a millisecond are not the same.
    this.#epoch = Math.max(clock.now(), after + 1) + clock.random()
    this.#announcements.postMessage(this.#epoch)
  }

  /** Another says so. */
  #contest(epoch: number): void {
    void this.#options.isOurs().then((ours) => {
      if (!ours || this.#closed) return
      this.#announce(epoch)
      // By now they may have been told something by the other.
      for (const follower of this.#followers.values()) follower.follows = false
    })
  }

  #tellAll(told: Partial<Told>): void {
    for (const follower of this.#followers.values()) this.#tell(follower, told)
  }

  #tell(follower: Follower, told: Partial<Told>): void {
    follower.sent += 1
    const { sent, had, box } = follower
    if (sent - had > WAITING) follower.follows = false
    else
      box.postMessage({
        epoch: this.#epoch,
        number: sent,
        lost: !follower.follows,
        ...told,
      } satisfies Told)
  }

  /** A tab that was suspended may have been replaced meanwhile: it looks before it speaks. */
  #surely(say: () => void): void {
    const now = this.#options.feed.clock.now()
    if (now - this.#ranAt >= SOONEST) {
      this.#doubt ??= this.#options.isOurs().then((ours) => {
        if (ours) this.#doubt = undefined
        return ours
      })
    }
    this.#ranAt = now
    if (this.#doubt === undefined) return say()
    // What is another tab's to say by now, stays unsaid.
    void this.#doubt.then((ours) => {
      if (ours && !this.#closed) say()
    })
  }

  #answer(hello: Hello): void {
    const { link, member, wants, turn, lost, number, wish } = hello
    if (wish === 'leave') return this.#remove(link)
    const { feed, memory, onWants, state } = this.#options
    const follower = this.#followers.get(link) ?? this.#admit(link, member)
    const isOther = follower.turn !== turn
    follower.wants = wants
    follower.turn = turn
    follower.had = number
    if (isOther) onWants(this.wants())
    if (wish === 'start' || wish === 'restart') feed[wish]()
    if (lost) {
      follower.asks = hello
      follower.follows = false
      if (wish === 'settle') this.#settle(follower, hello)
      this.#begin(follower)
      if (!follower.follows) this.#tell(follower, { standing: standingOf(state()) })
    } else {
      const recalled = isOther ? memory.latest(wants) : []
      this.#tell(follower, { cursor: memory.cursor, channels: this.#channels(), turn, recalled })
    }
  }

  /**
   * A tab reads by itself, from a cursor that is not known here. Where nothing comes for a while, neither there nor here, the
   * two are at the same place.
   */
  #settle(follower: Follower, { cursor }: Hello): void {
    const { feed, memory, state } = this.#options
    const { settled } = follower
    if (state().status !== 'open') return
    const here = memory.cursor
    const at = feed.clock.now()
    if (settled?.cursor !== cursor || settled.here !== here) {
      follower.settled = { cursor, here, at }
    } else if (at - settled.at >= QUIET) {
      if (here === '') feed.seed(cursor)
      memory.settle(cursor)
      this.#tellAll({ channels: this.#channels() })
    }
  }

  /** Lets it follow from here on, if all that it wants is heard here, and what came since its cursor is known. */
  #begin(follower: Follower): void {
    const { memory, state, retry } = this.#options
    const { wants, turn, asks } = follower
    if (asks === undefined) return
    const { cursor } = asks
    const standing = standingOf(state())
    const channels = this.#channels()
    const heard = new Set(channels)
    const hearsAll = [...wants.channels].every((name) => isWithin(name, heard))
    const missed = cursor === '' ? [] : memory.after(cursor, wants)
    if (standing.status !== 'open' || !hearsAll || missed === undefined) return
    follower.asks = undefined
    follower.follows = true
    this.#tell(follower, { start: cursor, cursor, turn, channels, standing, retry: retry() })
    for (const run of runsOf(missed)) this.#tell(follower, run)
    const recalled = memory.latest(wants)
    this.#tell(follower, { url: this.#url, cursor: memory.cursor, recalled })
  }

  #admit(link: string, member: string): Follower {
    const { room } = this.#options
    const follower: Follower = {
      box: room.open(link),
      gone: new AbortController(),
      wants: { types: new Set(), channels: new Set() },
      turn: -1,
      asks: undefined,
      follows: false,
      sent: 0,
      had: 0,
      settled: undefined,
    }
    this.#followers.set(link, follower)
    const onGranted = () => this.#remove(link)
    // A tab that is gone, however it went, has let go of its lock.
    void room.hold(member, follower.gone.signal, { onGranted }).catch(() => {})
    return follower
  }

  #remove(link: string): void {
    const follower = this.#followers.get(link)
    if (follower === undefined) return
    this.#followers.delete(link)
    follower.gone.abort()
    follower.box.close()
    if (!this.#closed) this.#options.onWants(this.wants())
  }
}

function within(names: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...names].filter((name) => isWithin(name, others))
}

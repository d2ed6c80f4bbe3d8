import { Audience } from './audience.ts'
import { Chunks } from './chunks.ts'
import type { ServerEvent } from './encode.ts'
import type { LogEntry } from './log/replay.ts'
import { Seat } from './seat.ts'
import type { Group, Item } from './seat.ts'
import type { LiveSession } from './session.ts'
import { endOfTurn, nextTurn } from './turn.ts'
import { Wording } from './wording.ts'
import type { WordingOptions } from './wording.ts'

/**
 * What left in one flush.
 *
 * @example
 * createEventServer({ onSend: ({ sessions, bytes }) => metrics.add(sessions, bytes) })
 */
export interface Flush {
  /** Events that somebody hears, each once, however many do; replays are not counted. */
  readonly events: number
  /** Sessions written to. */
  readonly sessions: number
  /** Bytes, over all sessions. */
  readonly bytes: number
}

/** What the fan-out is made with. */
export interface FanOutOptions extends WordingOptions {
  readonly now: () => number
  /** Characters that may wait behind a replay. */
  readonly maxHeld: number
  readonly onFlush: (flush: Flush) => void
}

type Chunk = Uint8Array<ArrayBuffer>

// Characters of a replay that go out at a time.
const PAGE = 64 * 1024

/** A replay for a session. */
export interface Replaying {
  readonly entries: readonly LogEntry[]
  /** What is live comes after it. */
  readonly position: string
  /** An event cannot be encoded: it and what comes after it are not sent. */
  readonly failed: (cause: unknown) => void
}

/** What goes out of a replay at a time. */
interface Page {
  readonly items: readonly Item[]
  /** Characters. */
  readonly size: number
}

/** Where a session is in its replay. */
interface Reading {
  readonly session: LiveSession
  readonly seat: Seat
  readonly replay: Replaying
  /** What it has not got already. */
  readonly entries: readonly LogEntry[]
  readonly from: number
}

/** What one session gets in a flush. */
interface Delivery {
  readonly session: LiveSession
  readonly chunk: Chunk
  /** How many events it is. */
  readonly events: number
}

const utf8 = new TextEncoder()

/**
 * Takes events to sessions: each event is encoded once per label, each turn is one chunk per session.
 *
 * Delivery is scheduled when it is asked for and happens in one flush, at the end of the turn.
 */
export class FanOut {
  readonly #options: FanOutOptions
  readonly #wording: Wording
  readonly #audience = new Audience<Group>()
  readonly #seats = new Map<LiveSession, Seat>()
  readonly #held = new Set<LiveSession>()
  readonly #dirty = new Set<Group>()
  #events = 0
  #scheduled = false
  /** `onFlush` is running. */
  #telling = false
  /** Who waits until nobody is held. */
  #awaiting: (() => void)[] = []

  constructor(options: FanOutOptions) {
    this.#options = options
    this.#wording = new Wording(options)
  }

  /** Hears everything from now on; `held` keeps it back until `release`. */
  join(session: LiveSession, held: boolean): void {
    const { channels } = session
    const group = this.#audience.groupOf(channels, () => ({
      channels,
      seats: new Map(),
      pending: [],
    }))
    const seat = new Seat(group, held)
    group.seats.set(session, seat)
    this.#seats.set(session, seat)
    if (held) this.#held.add(session)
  }

  /** Keeps back what comes from now on until `release`; `false` where that is so already. */
  hold(session: LiveSession): boolean {
    const seat = this.#seats.get(session)
    if (!seat || (seat.held && !seat.replay)) return false
    // What is left of a replay belongs to an order that does not go on.
    seat.replay = undefined
    if (!seat.held) this.settle(session)
    this.#hold(session, seat)
    return true
  }

  leave(session: LiveSession): void {
    const group = this.#seats.get(session)?.group
    this.#seats.delete(session)
    this.#unhold(session)
    if (group?.seats.delete(session) && group.seats.size === 0) this.#audience.delete(group)
  }

  /**
   * Puts a replay before what has come after its position, each event once. A long one goes out page by page, each as
   * the one before it has been taken, so that who does not read costs no more than a page.
   */
  release(session: LiveSession, replay: Replaying): void {
    const seat = this.#seats.get(session)
    if (!seat) return
    seat.replay = replay
    const entries = seat.join(replay.entries, replay.position)
    this.#turnPage({ session, seat, replay, entries, from: 0 })
  }

  #turnPage(reading: Reading): void {
    const { session, seat, replay } = reading
    // It has left, or what it was reading belongs to an order that does not go on.
    if (this.#seats.get(session) !== seat || seat.replay !== replay) return
    let page: Page
    try {
      page = this.#page(reading)
    } catch (cause) {
      replay.failed(cause)
      return
    }
    const { items, size } = page
    if (size < PAGE) {
      seat.release(items)
      this.#unhold(session)
      this.#schedule(seat.group)
      return
    }
    this.#hold(session, seat)
    const chunk = utf8.encode(items.map(({ text }) => text).join(''))
    // The page itself is not kept for the one after it.
    const from = reading.from + items.length
    const next = (): void => this.#turnPage({ ...reading, from })
    session.write(chunk, this.#options.now(), items.length, next)
  }

  #page({ seat, entries, from }: Reading): Page {
    const items: Item[] = []
    let size = 0
    for (let at = from; at < entries.length && size < PAGE; at += 1) {
      const entry = entries[at]
      if (!entry) continue
      const item = this.#wording.itemFor(seat.group, entry)
      items.push(item)
      size += item.text.length
    }
    return { items, size }
  }

  /** Resolves when nobody waits for a replay; `undefined` where nobody does. */
  caughtUp(): Promise<void> | undefined {
    if (this.#held.size === 0) return undefined
    return new Promise((resolve) => this.#awaiting.push(resolve))
  }

  /** An event for everyone who hears its channels; throws before anything is queued if it cannot be encoded. */
  deliver(entry: LogEntry): void {
    const items = this.#wording.itemsFor(this.#audience.hearing(entry.channels), entry)
    for (const [group, item] of items) {
      group.pending.push(item)
      this.#schedule(group)
    }
    if (items.length > 0) this.#events += 1
  }

  /** An event for one session. */
  send(session: LiveSession, event: ServerEvent): void {
    const seat = this.#seats.get(session)
    if (!seat) return
    seat.add(this.#wording.itemAlone(event, seat.held))
    this.#events += 1
    this.#schedule(seat.group)
  }

  /**
   * Writes what waits for one session now, because it is about to end. Whose replay is still to come gets what is for
   * it alone: the rest would move its cursor past the replay, and is there for it when it comes back.
   */
  settle(session: LiveSession): void {
    const seat = this.#seats.get(session)
    if (!seat) return
    const items = seat.take().filter(({ aside }) => !seat.held || aside !== undefined)
    const chunk = new Chunks().of(
      items.map(({ text, aside }) => (seat.held ? (aside ?? '') : text)),
    )
    if (chunk) session.write(chunk, this.#options.now(), items.length)
  }

  #hold(session: LiveSession, seat: Seat): void {
    seat.held = true
    this.#held.add(session)
  }

  #unhold(session: LiveSession): void {
    this.#held.delete(session)
    if (this.#held.size > 0) return
    for (const resolve of this.#awaiting.splice(0)) resolve()
  }

  #schedule(group: Group): void {
    this.#dirty.add(group)
    if (this.#scheduled) return
    this.#scheduled = true
    const flush = (): void => this.#flush()
    // An `onFlush` that publishes would keep everyone else from their turn.
    if (this.#telling) nextTurn(flush)
    else endOfTurn(flush)
  }

  #flush(): void {
    const chunks = new Chunks()
    const deliveries = [...this.#dirty].flatMap((group) => this.#collect(group, chunks))
    const events = this.#events
    this.#dirty.clear()
    this.#events = 0
    this.#scheduled = false
    // Nothing is half-taken from here on: who is too far behind is ended, and the hook of that can publish.
    const now = this.#options.now()
    let bytes = 0
    for (const { session, chunk, events } of deliveries) {
      session.write(chunk, now, events)
      bytes += chunk.length
    }
    for (const session of this.#held) {
      const waiting = this.#seats.get(session)?.waiting ?? 0
      if (waiting > this.#options.maxHeld) session.end('slow')
    }
    this.#telling = true
    this.#options.onFlush({ events, sessions: deliveries.length, bytes })
    this.#telling = false
  }

  #collect(group: Group, chunks: Chunks): Delivery[] {
    const shared = chunks.of(group.pending.map(({ text }) => text))
    const deliveries: Delivery[] = []
    for (const [session, seat] of group.seats) {
      const own = seat.held || seat.shares ? undefined : seat.take()
      const chunk = own ? chunks.of(own.map(({ text }) => text)) : shared
      const events = (own ?? group.pending).length
      if (chunk && !seat.held) deliveries.push({ session, chunk, events })
      seat.turn()
    }
    group.pending = []
    return deliveries
  }
}

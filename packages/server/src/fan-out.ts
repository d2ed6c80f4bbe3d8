import { lineage } from './channel.ts'
import type { ServerEvent } from './encode.ts'
import { labelFor } from './label.ts'
import type { Labels } from './label.ts'
import type { LogEntry } from './log/replay.ts'
import type { LiveSession } from './session.ts'

/**
 * What left in one flush.
 *
 * @example
 * createEventServer({ onSend: ({ sessions, bytes }) => metrics.add(sessions, bytes) })
 */
export interface Flush {
  /** Events, however many sessions got them. */
  readonly events: number
  /** Sessions written to. */
  readonly sessions: number
  /** Bytes, over all sessions. */
  readonly bytes: number
}

/** What the fan-out is made with. */
export interface FanOutOptions {
  readonly labels: Labels
  readonly encode: (event: ServerEvent) => string
  readonly now: () => number
  /** Characters that may wait behind a replay. */
  readonly maxHeld: number
  readonly onFlush: (flush: Flush) => void
}

interface Item {
  readonly text: string
  readonly position: string | undefined
}

// Sessions that hear the same channels: they share every byte.
interface Group {
  readonly key: string
  readonly channels: readonly string[]
  readonly seats: Map<LiveSession, Seat>
  pending: Item[]
}

// A session that has got something of its own in this turn has its own list until the flush.
interface Seat {
  readonly group: Group
  own: Item[] | undefined
  /** How much of the group's list is in it. */
  seen: number
  /** Live events wait behind a replay that is still being read. */
  held: boolean
}

type Chunk = Uint8Array<ArrayBuffer>

const utf8 = new TextEncoder()

/**
 * Takes events to sessions: each event is encoded once per label, each turn is one chunk per session.
 *
 * Delivery is scheduled when it is asked for and happens in one flush, a microtask later.
 */
export class FanOut {
  readonly #options: FanOutOptions
  readonly #groups = new Map<string, Group>()
  readonly #byChannel = new Map<string, Set<Group>>()
  readonly #seats = new Map<LiveSession, Seat>()
  readonly #held = new Set<LiveSession>()
  readonly #dirty = new Set<Group>()
  #events = 0
  #scheduled = false

  constructor(options: FanOutOptions) {
    this.#options = options
  }

  /** Hears everything from now on; `held` keeps it back until `release`. */
  join(session: LiveSession, held: boolean): void {
    const group = this.#groupOf(session.channels)
    // What waits in the group was published before it came.
    const own = held || group.pending.length > 0 ? [] : undefined
    const seat = { group, own, held, seen: group.pending.length }
    group.seats.set(session, seat)
    this.#seats.set(session, seat)
    if (held) this.#held.add(session)
  }

  leave(session: LiveSession): void {
    const group = this.#seats.get(session)?.group
    this.#seats.delete(session)
    this.#held.delete(session)
    if (!group?.seats.delete(session) || group.seats.size > 0) return
    this.#groups.delete(group.key)
    for (const channel of group.channels) {
      const groups = this.#byChannel.get(channel)
      groups?.delete(group)
      if (groups?.size === 0) this.#byChannel.delete(channel)
    }
  }

  /** Puts a replay before what has come meanwhile, each event once. */
  release(session: LiveSession, replayed: readonly LogEntry[]): void {
    const seat = this.#seats.get(session)
    if (!seat) return
    const positions = new Set(replayed.map(({ position }) => position))
    const items = replayed.map((entry) => this.#item(entry, this.#shownId(entry, seat.group)))
    const later = this.#ownOf(seat).filter(({ position }) => !position || !positions.has(position))
    seat.own = [...items, ...later]
    seat.held = false
    this.#held.delete(session)
    this.#schedule(seat.group)
  }

  /** An event for everyone who hears its channels; throws before anything is queued if it cannot be encoded. */
  deliver(entry: LogEntry): void {
    const byId = new Map<string | undefined, Item>()
    const items: [Group, Item][] = []
    for (const group of this.#audience(entry.channels)) {
      const id = this.#shownId(entry, group)
      const item = byId.get(id) ?? this.#item(entry, id)
      byId.set(id, item)
      items.push([group, item])
    }
    for (const [group, item] of items) {
      group.pending.push(item)
      this.#schedule(group)
    }
    this.#events += 1
  }

  /** An event for one session. */
  send(session: LiveSession, event: ServerEvent): void {
    const seat = this.#seats.get(session)
    if (!seat) return
    const text = this.#options.encode(event)
    this.#ownOf(seat).push({ text, position: undefined })
    this.#events += 1
    this.#schedule(seat.group)
  }

  /** Writes what waits for one session now, because it is about to end. */
  settle(session: LiveSession): void {
    const seat = this.#seats.get(session)
    if (!seat || seat.held) return
    const chunk = bytesOf(this.#ownOf(seat))
    seat.own = []
    if (chunk) session.write(chunk, this.#options.now())
  }

  // Its own list, brought up to what its group got so far.
  #ownOf(seat: Seat): Item[] {
    const { pending } = seat.group
    seat.own ??= []
    seat.own.push(...pending.slice(seat.seen))
    seat.seen = pending.length
    return seat.own
  }

  #groupOf(channels: readonly string[]): Group {
    const key = channels.join('\n')
    let group = this.#groups.get(key)
    if (group) return group
    group = { key, channels, seats: new Map(), pending: [] }
    this.#groups.set(key, group)
    for (const channel of channels) {
      const groups = this.#byChannel.get(channel)
      if (groups) groups.add(group)
      else this.#byChannel.set(channel, new Set([group]))
    }
    return group
  }

  #audience(channels: readonly string[]): Iterable<Group> {
    if (channels.length === 0) return this.#groups.values()
    const groups = new Set<Group>()
    for (const name of new Set(channels.flatMap(lineage))) {
      for (const group of this.#byChannel.get(name) ?? []) groups.add(group)
    }
    return groups
  }

  #shownId({ event, channels }: LogEntry, group: Group): string | undefined {
    const { id } = event
    const label = id ? labelFor(group.channels, channels, this.#options.labels) : undefined
    return label === undefined ? id : `${label}@${id}`
  }

  #item({ event, position }: LogEntry, id: string | undefined): Item {
    return { text: this.#options.encode(id === event.id ? event : { ...event, id }), position }
  }

  // The seam for outputs that would rather be written to once per turn of the event loop.
  #schedule(group: Group): void {
    this.#dirty.add(group)
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    const deliveries = [...this.#dirty].flatMap((group) => this.#collect(group))
    const events = this.#events
    this.#dirty.clear()
    this.#events = 0
    this.#scheduled = false
    // Nothing is half-taken when the first write runs: a write can end a session, and its hook can publish.
    const now = this.#options.now()
    let bytes = 0
    for (const [session, chunk] of deliveries) {
      session.write(chunk, now)
      bytes += chunk.length
    }
    for (const session of this.#held) {
      if (lengthOf(this.#seats.get(session)?.own) > this.#options.maxHeld) session.end('slow')
    }
    this.#options.onFlush({ events, sessions: deliveries.length, bytes })
  }

  #collect(group: Group): [LiveSession, Chunk][] {
    const shared = bytesOf(group.pending)
    const deliveries: [LiveSession, Chunk][] = []
    for (const [session, seat] of group.seats) {
      const chunk = seat.own && !seat.held ? bytesOf(this.#ownOf(seat)) : shared
      if (seat.held) this.#ownOf(seat)
      else seat.own = undefined
      seat.seen = 0
      if (chunk && !seat.held) deliveries.push([session, chunk])
    }
    group.pending = []
    return deliveries
  }
}

function bytesOf(items: readonly Item[]): Chunk | undefined {
  const text = items.map((item) => item.text).join('')
  return text === '' ? undefined : utf8.encode(text)
}

function lengthOf(items: readonly Item[] = []): number {
  return items.reduce((length, { text }) => length + text.length, 0)
}

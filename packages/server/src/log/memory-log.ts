import { covers } from '../channel.ts'
import { EventServerError } from '../error.ts'
import type { ReplaySize } from '../stats.ts'
import { Marks } from './marks.ts'
import type { Mark } from './marks.ts'
import { parsePosition } from './position.ts'
import { Queue } from './queue.ts'
import type { LogEntry, Replay, ReplayAnswer, ReplayQuery } from './replay.ts'
import { Timeline } from './timeline.ts'
import type { Placed } from './timeline.ts'

/** The bounds of a log in memory. */
export interface LogBounds {
  /** Events kept per channel. Defaults to no such bound. */
  readonly count?: number | undefined
  /** Milliseconds an event is kept. Defaults to no such bound. */
  readonly ttl?: number | undefined
  /** Events kept in all. Defaults to no such bound. */
  readonly total?: number | undefined
  /** Bytes kept in all: the characters of each event and a guess at the rest. Defaults to 64 MiB. */
  readonly maxBytes?: number | undefined
}

interface Kept extends Placed {
  readonly entry: LogEntry
  readonly bytes: number
  readonly mark: Mark | undefined
  /** In how many channels' lists it still stands; at none it goes. */
  lanes: number
}

interface Lane {
  readonly kept: Queue<Kept>
  /** The newest of this channel's events that are gone: cursors before it have missed something. */
  evicted: number
  evictedMark: Mark | undefined
}

// Broadcasts have a lane as any channel has; no channel is named so.
const BROADCAST = ''
// What a short event was seen to take besides its text.
const ENTRY_OVERHEAD = 400
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024

/**
 * One log, one sequence: every channel's events in the order in which they were published.
 *
 * An id that is gone can still be answered, where all that came after it in the asker's channels is still here.
 */
export class MemoryLog implements Replay {
  readonly #count: number
  readonly #ttl: number
  readonly #total: number
  readonly #maxBytes: number
  readonly #marks = new Marks()
  readonly #lanes = new Map<string, Lane>()
  #timeline = new Timeline<Kept>()
  #bytes = 0
  /** Everything up to here is gone, whatever its channel. */
  #head = 0
  /** The position of the last that is gone; all that came after it is here. */
  #headPosition = ''
  /** Of the newest entry. */
  #epoch = ''
  #last = 0

  /** Begins after the position `start`, where that is known. */
  constructor(bounds: LogBounds, start?: string) {
    this.#count = bound('count', bounds.count, Infinity)
    this.#ttl = bound('ttl', bounds.ttl, Infinity)
    this.#total = bound('total', bounds.total, Infinity)
    this.#maxBytes = bound('maxBytes', bounds.maxBytes, DEFAULT_MAX_BYTES)
    if (start !== undefined) this.#begin(start)
  }

  readonly put = (entry: LogEntry): void => {
    const sequence = this.#place(entry.position)
    const { id } = entry.event
    // An id that is a position needs no remembering.
    const own = id && id !== entry.position
    const mark = own ? this.#marks.add({ id, sequence, channels: entry.channels }) : undefined
    const bytes = sizeOf(entry)
    const kept: Kept = { entry, sequence, bytes, mark, lanes: 0, gone: false }
    this.#timeline.push(kept)
    this.#bytes += bytes
    for (const name of lanesOf(entry)) this.#hold(name, kept)
    this.#trim(entry.time)
  }

  readonly after = (query: ReplayQuery): ReplayAnswer => {
    const { after, channels, now } = query
    this.#trim(now)
    const from = after === undefined ? 0 : this.#find(after, query)
    if (from === undefined) return undefined
    if (after !== undefined && this.#missed(channels, from)) return undefined
    const answer: LogEntry[] = []
    for (const { entry } of this.#timeline.after(from)) {
      if (hears(channels, entry.channels)) answer.push(entry)
    }
    return answer
  }

  readonly size = (): ReplaySize => ({ count: this.#timeline.length, bytes: this.#bytes })

  // Another epoch is another order, unless its numbers go on: nothing of the former one can be told by it.
  #place(position: string): number {
    const [epoch, sequence] = parsePosition(position)
    const same = epoch === this.#epoch
    const follows = same ? sequence > this.#last : sequence === this.#last + 1
    if (!follows) {
      if (same || !(sequence >= 1)) throw misplaced(position, this.#last)
      this.#begin(`${epoch}-${sequence - 1}`)
    }
    this.#epoch = epoch
    this.#last = sequence
    return sequence
  }

  #begin(position: string): void {
    const [epoch, sequence] = parsePosition(position)
    this.#timeline = new Timeline()
    this.#marks.clear()
    this.#lanes.clear()
    this.#bytes = 0
    this.#head = sequence
    this.#headPosition = position
    this.#epoch = epoch
    this.#last = sequence
  }

  #hold(name: string, kept: Kept): void {
    let lane = this.#lanes.get(name)
    if (!lane) {
      lane = { kept: new Queue(), evicted: 0, evictedMark: undefined }
      this.#lanes.set(name, lane)
    }
    lane.kept.push(kept)
    kept.lanes += 1
    if (lane.kept.length <= this.#count) return
    const oldest = lane.kept.shift()
    if (oldest && --oldest.lanes === 0) this.#remove(oldest)
  }

  #trim(now: number): void {
    for (;;) {
      const { oldest } = this.#timeline
      if (!oldest) return
      const fits = this.#timeline.length <= this.#total && this.#bytes <= this.#maxBytes
      if (fits && oldest.entry.time > now - this.#ttl) return
      this.#head = oldest.sequence
      this.#headPosition = oldest.entry.position
      for (const name of lanesOf(oldest.entry)) {
        const lane = this.#lanes.get(name)
        if (lane?.kept.oldest === oldest) lane.kept.shift()
      }
      this.#remove(oldest)
    }
  }

  #remove(kept: Kept): void {
    this.#timeline.remove(kept)
    this.#bytes -= kept.bytes
    for (const name of lanesOf(kept.entry)) {
      const lane = this.#lanes.get(name)
      // Who was kept for another channel goes after what came later in this one.
      if (!lane || lane.evicted > kept.sequence) continue
      // The last id gone from a lane stays known: all that came after it is still here.
      this.#marks.release(lane.evictedMark)
      lane.evicted = kept.sequence
      lane.evictedMark = kept.mark
      if (kept.mark) kept.mark.holders += 1
      if (lane.kept.length > 0) continue
      this.#lanes.delete(name)
      this.#marks.release(lane.evictedMark)
    }
    this.#marks.release(kept.mark)
  }

  #find(id: string, query: ReplayQuery): number | undefined {
    const marks = this.#marks.of(id)
    const mark = marks.findLast(({ channels }) => fits(channels, query))
    if (mark) return mark.sequence
    // From a channel that is not the asker's: one of its own that had this id may be forgotten, if any are gone.
    const [only] = marks
    if (only) return marks.length > 1 || this.#missed(query.channels, 0) ? undefined : only.sequence
    return this.#findPosition(id)
  }

  // What is here says itself who it is: in an order of many epochs a number alone tells nothing.
  #findPosition(id: string): number | undefined {
    if (id === this.#headPosition) return this.#head
    const [epoch, sequence] = parsePosition(id)
    const kept = this.#timeline.at(sequence)
    if (kept) return kept.entry.position === id ? sequence : undefined
    return epoch === this.#epoch && sequence <= this.#last ? sequence : undefined
  }

  #missed(channels: readonly string[], from: number): boolean {
    if (from < this.#head) return true
    for (const [name, { evicted }] of this.#lanes) {
      if (evicted > from && hears(channels, name === BROADCAST ? [] : [name])) return true
    }
    return false
  }
}

function bound(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise
  if (typeof value === 'number' && value >= 1) return value
  const what = typeof value === 'number' ? value : `of type ${typeof value}`
  throw new EventServerError(
    'invalid-option',
    `Cannot make the replay: ${name} is ${what}. Give a number of at least 1.`,
  )
}

function misplaced(position: string, last: number): EventServerError {
  return new EventServerError(
    'replay-failed',
    `Cannot keep an event: its position ${JSON.stringify(position)} does not come after ${last}. Give positions '<epoch>-<n>', n growing from 1.`,
  )
}

function lanesOf(entry: LogEntry): readonly string[] {
  return entry.channels.length === 0 ? [BROADCAST] : entry.channels
}

function hears(own: readonly string[], published: readonly string[]): boolean {
  if (published.length === 0) return true
  return published.some((name) => own.some((one) => covers(one, name)))
}

// A label says where the id was heard; without one it was somewhere in what the asker hears.
function fits(published: readonly string[], { label, channels }: ReplayQuery): boolean {
  if (!label) return hears(channels, published)
  if (label.length === 0) return published.length === 0
  return label.some((name) => published.includes(name))
}

function sizeOf({ event }: LogEntry): number {
  const { data, id = '', event: type = '', comment = '' } = event
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '')
  return ENTRY_OVERHEAD + text.length + id.length + type.length + comment.length
}

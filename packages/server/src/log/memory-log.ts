import { covers } from '../channel.ts'
import { EventServerError } from '../error.ts'
import type { LogEntry, Replay, ReplayAnswer, ReplayQuery } from './replay.ts'

/** The bounds of a log in memory. */
export interface LogBounds {
  /** Events kept per channel. Defaults to no such bound. */
  readonly count?: number | undefined
  /** Milliseconds an event is kept. Defaults to no such bound. */
  readonly ttl?: number | undefined
  /** Bytes kept in all, counted as the length of the data and a little for the rest. Defaults to 64 MiB. */
  readonly maxBytes?: number | undefined
}

interface Kept {
  readonly entry: LogEntry
  readonly sequence: number
  readonly bytes: number
  /** In how many channels' lists it still stands; at none it goes. */
  holders: number
}

interface Lane {
  readonly kept: Kept[]
  /** The newest of this channel's events that are gone: cursors before it have missed something. */
  evicted: number
  evictedId: string | undefined
}

// Broadcasts have a lane as any channel has; no channel is named so.
const BROADCAST = ''
const ENTRY_OVERHEAD = 100
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024

/**
 * One log, one sequence: every channel's events in the order in which they were published.
 *
 * An id that is gone can still be answered, where all that came after it in the asker's channels is still here.
 */
export class MemoryLog implements Replay {
  readonly #count: number
  readonly #ttl: number
  readonly #maxBytes: number
  readonly #entries = new Map<number, Kept>()
  readonly #lanes = new Map<string, Lane>()
  readonly #sequenceOf = new Map<string, number>()
  #bytes = 0
  /** Everything up to here is gone, whatever its channel. */
  #head = 0
  #epoch = ''
  #last = 0

  constructor(bounds: LogBounds) {
    this.#count = bound('count', bounds.count, Infinity)
    this.#ttl = bound('ttl', bounds.ttl, Infinity)
    this.#maxBytes = bound('maxBytes', bounds.maxBytes, DEFAULT_MAX_BYTES)
  }

  readonly put = (entry: LogEntry): void => {
    const [epoch, sequence] = parsePosition(entry.position)
    const bytes = sizeOf(entry)
    const kept: Kept = { entry, sequence, bytes, holders: 0 }
    this.#epoch = epoch
    this.#last = sequence
    this.#entries.set(sequence, kept)
    this.#bytes += bytes
    if (entry.event.id) this.#sequenceOf.set(entry.event.id, sequence)
    for (const name of lanesOf(entry)) this.#hold(name, kept)
    this.#trim(entry.time)
  }

  readonly after = ({ after, channels, now }: ReplayQuery): ReplayAnswer => {
    this.#trim(now)
    const from = after === undefined ? 0 : this.#find(after)
    if (from === undefined) return undefined
    if (after !== undefined && this.#missed(channels, from)) return undefined
    const answer: LogEntry[] = []
    for (const { entry, sequence } of this.#entries.values()) {
      if (sequence > from && hears(channels, entry)) answer.push(entry)
    }
    return answer
  }

  #hold(name: string, kept: Kept): void {
    let lane = this.#lanes.get(name)
    if (!lane) this.#lanes.set(name, (lane = { kept: [], evicted: 0, evictedId: undefined }))
    lane.kept.push(kept)
    kept.holders += 1
    if (lane.kept.length <= this.#count) return
    const oldest = lane.kept.shift()
    if (oldest && --oldest.holders === 0) this.#remove(oldest)
  }

  #trim(now: number): void {
    for (const kept of this.#entries.values()) {
      if (this.#bytes <= this.#maxBytes && kept.entry.time > now - this.#ttl) return
      this.#head = kept.sequence
      for (const name of lanesOf(kept.entry)) {
        const lane = this.#lanes.get(name)
        if (lane?.kept[0] === kept) lane.kept.shift()
      }
      this.#remove(kept)
    }
  }

  #remove(kept: Kept): void {
    this.#entries.delete(kept.sequence)
    this.#bytes -= kept.bytes
    const { id } = kept.entry.event
    for (const name of lanesOf(kept.entry)) {
      const lane = this.#lanes.get(name)
      if (!lane) continue
      // The last id gone from a lane stays known: all that came after it is still here.
      this.#forget(lane.evictedId, lane.evicted)
      lane.evicted = kept.sequence
      lane.evictedId = id
      if (lane.kept.length > 0) continue
      this.#lanes.delete(name)
      this.#forget(id, kept.sequence)
    }
  }

  #forget(id: string | undefined, sequence: number): void {
    if (id && this.#sequenceOf.get(id) === sequence) this.#sequenceOf.delete(id)
  }

  #find(id: string): number | undefined {
    const known = this.#sequenceOf.get(id)
    if (known !== undefined) return known
    const [epoch, sequence] = parsePosition(id)
    return epoch === this.#epoch && sequence <= this.#last ? sequence : undefined
  }

  #missed(channels: readonly string[], from: number): boolean {
    if (from < this.#head) return true
    for (const [name, { evicted }] of this.#lanes) {
      if (evicted > from && (name === BROADCAST || channels.some((own) => covers(own, name)))) {
        return true
      }
    }
    return false
  }
}

function bound(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise
  if (value >= 1) return value
  throw new EventServerError(
    'invalid-option',
    `Cannot make the replay: ${name} is ${value}. Give a number of at least 1.`,
  )
}

function lanesOf(entry: LogEntry): readonly string[] {
  return entry.channels.length === 0 ? [BROADCAST] : entry.channels
}

function hears(channels: readonly string[], entry: LogEntry): boolean {
  if (entry.channels.length === 0) return true
  return entry.channels.some((name) => channels.some((own) => covers(own, name)))
}

function sizeOf({ event }: LogEntry): number {
  return ENTRY_OVERHEAD + (typeof event.data === 'string' ? event.data.length : 0)
}

// NaN is neither below nor above anything: an id that is no position is never found.
function parsePosition(position: string): [epoch: string, sequence: number] {
  const [, epoch = '', digits = ''] = /^(.+)-(\d+)$/.exec(position) ?? []
  return [epoch, epoch === '' ? Number.NaN : Number(digits)]
}

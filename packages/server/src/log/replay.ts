import type { ServerEvent } from '../encode.ts'
import type { ReplaySize } from '../stats.ts'

/**
 * A published event with its place in the order of all events.
 *
 * @example
 * const entry: LogEntry = { position: 'e-1', time: 0, channels: ['pets'], event: { id: 'e-1', data: 'Corgi' } }
 */
export interface LogEntry {
  /**
   * Unique, and ordered: `<epoch>-<n>`, n growing within an epoch. An order goes on under another epoch where n goes on
   * by one; otherwise another epoch is another order, and what was kept of the former is of no use any more.
   */
  readonly position: string
  /** When it was published, in milliseconds since the epoch. */
  readonly time: number
  /** The channels it was published to; none for a broadcast. */
  readonly channels: readonly string[]
  /** The event, its `id` bare. */
  readonly event: ServerEvent
}

/**
 * What a resuming session wants to know.
 *
 * @example
 * const query: ReplayQuery = { after: 'e-1', channels: ['pets'], now: Date.now() }
 */
export interface ReplayQuery {
  /**
   * The last id seen: of an event, or any position (a new stream is told where the order stands); `undefined` asks for
   * all that is kept.
   */
  readonly after: string | undefined
  /** The channels that the cursor's label named, none for a broadcast; `undefined` where it had no label. */
  readonly label?: readonly string[] | undefined
  /** Whose subtrees count; broadcasts always do. */
  readonly channels: readonly string[]
  /** The time, in milliseconds since the epoch. */
  readonly now: number
}

/**
 * Entries in their order, or `undefined`: the id is unknown, or not everything after it is still there.
 *
 * @example
 * const expired: ReplayAnswer = undefined
 */
export type ReplayAnswer = readonly LogEntry[] | undefined

/**
 * What a resuming client is sent first: a store of what has been published.
 *
 * @example
 * const nothing: Replay = { put: () => {}, after: () => [] }
 */
export interface Replay {
  /** Keeps an entry; entries come in order. */
  readonly put: (entry: LogEntry) => void | Promise<void>
  /** Exactly what came after an id. */
  readonly after: (query: ReplayQuery) => ReplayAnswer | Promise<ReplayAnswer>
  /** How much is kept now, for `stats`. Defaults to not being told. */
  readonly size?: () => ReplaySize
}

/** Throws on what is no answer: taken for one, it would be a gap that nobody hears of. */
export function checkAnswer(answer: unknown): ReplayAnswer {
  if (answer === undefined || answer === null) return undefined
  if (Array.isArray(answer) && answer.every(isEntry)) return answer
  throw new TypeError('after gave neither a list of entries nor undefined')
}

function isEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null) return false
  const { position, channels, event } = value as Partial<LogEntry>
  return typeof position === 'string' && Array.isArray(channels) && typeof event === 'object'
}

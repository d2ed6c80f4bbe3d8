import { MemoryLog } from './memory-log.ts'
import type { Replay } from './replay.ts'

/**
 * How long a valid replay keeps.
 *
 * @example
 * validReplay({ ttl: 60_000, count: 1_000 })
 */
export interface ValidReplayOptions {
  /** Milliseconds an event is kept. */
  readonly ttl: number
  /** Events kept per channel besides. Defaults to no such bound. */
  readonly count?: number
  /** Bytes kept in all. Defaults to 64 MiB. */
  readonly maxBytes?: number
}

/**
 * A replay of what is younger than `ttl`, in memory.
 *
 * @example
 * createEventServer({ replay: validReplay({ ttl: 60_000 }) })
 */
export function validReplay(options: ValidReplayOptions): Replay {
  // From JavaScript, anything may come; what bounds nothing would keep all there is.
  const { ttl, count, maxBytes } = { ...options } as Partial<ValidReplayOptions>
  return new MemoryLog({ ttl: ttl ?? Number.NaN, count, maxBytes })
}

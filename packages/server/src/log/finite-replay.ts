import { EventServerError } from '../error.ts'
import { MemoryLog } from './memory-log.ts'
import type { Replay } from './replay.ts'

/** Bytes a log in memory keeps in all, if nothing else is said: 64 MiB. */
export const DEFAULT_LOG_BYTES: number = 64 * 1024 * 1024

/**
 * How much a finite replay keeps.
 *
 * @example
 * finiteReplay({ count: 1_000, maxBytes: 8 * 1024 * 1024 })
 */
export interface FiniteReplayOptions {
  /** Events kept per channel; broadcasts count as one channel. */
  readonly count: number
  /** Bytes kept in all. Defaults to 64 MiB. */
  readonly maxBytes?: number
}

/**
 * A replay of the last `count` events of each channel, in memory.
 *
 * @example
 * createEventServer({ replay: finiteReplay({ count: 1_000 }) })
 */
export function finiteReplay(options: FiniteReplayOptions): Replay {
  const { count, maxBytes = DEFAULT_LOG_BYTES } = options
  checkBound('count', count)
  checkBound('maxBytes', maxBytes)
  return new MemoryLog({ count, maxBytes })
}

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
  const { ttl, count, maxBytes = DEFAULT_LOG_BYTES } = options
  checkBound('ttl', ttl)
  if (count !== undefined) checkBound('count', count)
  checkBound('maxBytes', maxBytes)
  return new MemoryLog({ ttl, maxBytes, ...(count !== undefined && { count }) })
}

function checkBound(name: string, value: number): void {
  if (value >= 1) return
  throw new EventServerError(
    'invalid-option',
    `Cannot make the replay: ${name} is ${value}. Give a number of at least 1.`,
  )
}

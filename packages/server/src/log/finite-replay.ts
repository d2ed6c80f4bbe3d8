import { MemoryLog } from './memory-log.ts'
import type { Replay } from './replay.ts'

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
  // From JavaScript, anything may come; what bounds nothing would keep all there is.
  const { count, maxBytes } = { ...options } as Partial<FiniteReplayOptions>
  return new MemoryLog({ count: count ?? Number.NaN, maxBytes })
}

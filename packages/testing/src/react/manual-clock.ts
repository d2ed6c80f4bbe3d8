import { manualClock as anyManualClock } from '../manual-clock.ts'
import type { ManualClock, ManualClockOptions } from '../manual-clock.ts'
import { inAct } from './act.ts'

/**
 * A clock for tests of React components: what its timers led to is rendered when `advance` resolves.
 *
 * @example
 * const clock = manualClock()
 * render(<PoolProvider pool={createPool({ clock })}><Price /></PoolProvider>)
 * await clock.advance(1_000)
 */
export function manualClock(options: ManualClockOptions = {}): ManualClock {
  return anyManualClock({ ...options, wrap: options.wrap ?? inAct })
}

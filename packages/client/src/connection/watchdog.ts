import type { Clock } from '../clock.ts'
import { createTimer } from '../timer.ts'

/** A timer that comes this much too late, in milliseconds, was held up: the machine or the page slept. */
const LATE = 1_000
/** Milliseconds that what the network has queued meanwhile is given to arrive. */
const ONE_MORE_TURN = 1_000

/** Tells when a link has been silent for too long. Any byte feeds it. */
export interface Watchdog {
  readonly arm: () => void
  readonly disarm: () => void
  readonly feed: () => void
  /** Looks at once: the page is back from where timers are slow. */
  readonly look: () => void
}

export function createWatchdog(clock: Clock, timeout: number, onSilent: () => void): Watchdog {
  const timer = createTimer(clock)
  let fedAt = 0

  function feed(): void {
    // As long as nothing is waited for, nobody asks when: the time is not free, and this is told of each chunk.
    if (timer.due() !== undefined) fedAt = clock.now()
  }
  function watch(delay: number): void {
    const dueAt = clock.now() + delay
    timer.set(() => {
      const now = clock.now()
      // A clock that was set back would have it fed at a time that is yet to come.
      fedAt = Math.min(fedAt, now)
      const left = fedAt + timeout - now
      if (left > 0) watch(left)
      else if (now - dueAt >= LATE) watch(ONE_MORE_TURN)
      else onSilent()
    }, delay)
  }
  return {
    arm: () => {
      fedAt = clock.now()
      if (timer.due() === undefined) watch(timeout)
    },
    disarm: timer.clear,
    feed,
    look: () => {
      if (timer.due() && clock.now() - fedAt >= timeout) watch(ONE_MORE_TURN)
    },
  }
}

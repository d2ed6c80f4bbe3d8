import type { Clock } from '../src/clock.ts'

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  /** Moves on by so many milliseconds, running what falls due on the way. */
  readonly advance: (milliseconds: number) => void
  /** Timers that wait. */
  readonly pending: () => number
}

/** A clock that starts at 0. */
export function manualClock(): ManualClock {
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>()
  let now = 0
  let last = 0
  return {
    now: () => now,
    setTimeout: (callback, delay) => {
      timers.set((last += 1), { at: now + delay, callback })
      return last
    },
    clearTimeout: (timer) => void timers.delete(timer as number),
    pending: () => timers.size,
    advance: (milliseconds) => {
      const until = now + milliseconds
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= until)
        const [next] = due.toSorted(([, a], [, b]) => a.at - b.at)
        if (!next) break
        timers.delete(next[0])
        now = next[1].at
        next[1].callback()
      }
      now = until
    },
  }
}

/**
 * Time and chance, as one seam: everything in Millrace that waits or rolls dice asks a clock.
 *
 * @example
 * const pool = createPool({ clock: manualClock() }) // from '@millrace/testing': a test moves it by hand
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Runs `callback` once, `delay` milliseconds from now; the result is for `clearTimeout`. */
  readonly setTimeout: (callback: () => void, delay: number) => unknown
  /** Forgets a timer; one that has run already is ignored. */
  readonly clearTimeout: (timer: unknown) => void
  /** A number from 0 up to 1, evenly spread. */
  readonly random: () => number
}

/**
 * The machine's own time.
 *
 * The globals are looked up at each call, so that timers faked after import are the ones that run.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delay) => globalThis.setTimeout(callback, delay),
  clearTimeout: (timer) => {
    globalThis.clearTimeout(timer as number | undefined)
  },
  random: () => Math.random(),
}

/** The longest time a timer takes; one that is longer runs at once. */
const LONGEST = 2 ** 31 - 1

/** Sets a timer; no time is too long for it, and `Infinity` never comes. */
export function schedule(clock: Clock, callback: () => void, delay: number): unknown {
  if (delay === Infinity) return undefined
  return clock.setTimeout(callback, Math.min(delay, LONGEST))
}

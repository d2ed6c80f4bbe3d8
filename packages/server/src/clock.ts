/**
 * Time as one seam: keep-alive and the ages of replayed events ask a clock.
 *
 * @example
 * createEventServer({ clock: { now: () => 0, setTimeout: () => 0, clearTimeout: () => {} } }) // time stands still
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Runs `callback` once, `delay` milliseconds from now; the result is for `clearTimeout`. */
  readonly setTimeout: (callback: () => void, delay: number) => unknown
  /** Forgets a timer; one that has run already is ignored. */
  readonly clearTimeout: (timer: unknown) => void
}

/** Milliseconds of the longest timer: what is to take longer runs at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1

/**
 * The machine's own time.
 *
 * The globals are looked up at each call, so that timers faked after import are the ones that run.
 *
 * @example
 * createEventServer({ clock: systemClock }) // the default
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delay) => globalThis.setTimeout(callback, delay),
  clearTimeout: (timer) => {
    globalThis.clearTimeout(timer as number | undefined)
  },
}

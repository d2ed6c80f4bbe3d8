import { invalid, shown } from './argument.ts'
import { Delivery, unwrapped } from './delivery.ts'
import type { Wrap } from './delivery.ts'
import { HarnessError } from './error.ts'

/**
 * How a clock is made.
 *
 * @example
 * manualClock({ now: Date.UTC(2030, 0, 1), random: 0 })
 */
export interface ManualClockOptions {
  /** The time it starts at, in milliseconds since the epoch; finite. Defaults to 0. */
  readonly now?: number
  /** What `random` gives: a number from 0 up to 1, or a function. Defaults to 0.5. */
  readonly random?: number | (() => number)
  /** Wraps what timers lead to, as React's `act` does. Defaults to nothing; `@millrace/testing/react` has its own. */
  readonly wrap?: Wrap
}

/**
 * Time that stands still until a test moves it. Its members are functions of their own and may be passed bare.
 *
 * @example
 * const clock = manualClock()
 * const pool = createPool({ clock })
 * await events.drop()
 * await clock.advance(1_000) // the client is connected again
 */
export interface ManualClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Runs `callback` when the clock has been advanced by so many milliseconds; the result is for `clearTimeout`. */
  readonly setTimeout: (callback: () => void, delay: number) => unknown
  /** Forgets a timer; one that has run already is ignored. */
  readonly clearTimeout: (timer: unknown) => void
  /** What it was told to be; 0.5 if nothing was said. */
  readonly random: () => number
  /** Changes what `random` gives from now on. */
  readonly setRandom: (random: number | (() => number)) => void
  /**
   * Moves time on by milliseconds: runs what falls due, in order, and resolves when all it led to has arrived. A timer
   * that throws does not stop it: the first error is thrown when time has come to its end.
   */
  readonly advance: (milliseconds: number) => Promise<void>
  /** How many timers wait. */
  readonly pending: number
}

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/** Timers that one `advance` may run before that is an error. */
const MAX_TIMERS = 10_000

/**
 * Makes a clock for `createPool({ clock })`, and for the `clock` of a fake server.
 *
 * @example
 * const clock = manualClock({ random: 0 })
 * clock.setTimeout(() => console.log('a second has gone by'), 1_000)
 * await clock.advance(1_000)
 */
export function manualClock(options: ManualClockOptions = {}): ManualClock {
  const { now: start = 0, random: chance = 0.5, wrap = unwrapped } = options
  if (!Number.isFinite(start)) throw wrongTime(`start a clock at ${start}`, 'a finite number')
  const timers = new Map<number, Timer>()
  const delivery = new Delivery(wrap)
  let now = start
  let last = 0
  let roll = rollOf(chance)

  function* due(until: number): Generator<() => void> {
    for (let ran = 0; ; ran += 1) {
      const [id, timer] = earliest(timers) ?? []
      if (id === undefined || !timer || timer.at > until) return
      if (ran >= MAX_TIMERS) throw endless(until - now)
      yield () => {
        // It may be forgotten while `wrap` prepares.
        if (!timers.delete(id)) return
        now = Math.max(now, timer.at)
        timer.callback()
      }
    }
  }

  return {
    now: () => now,
    setTimeout: (callback, delay) => {
      const id = (last += 1)
      // As browsers do with a delay that is no number, or below 0.
      timers.set(id, { at: now + (delay > 0 ? delay : 0), callback })
      return id
    },
    clearTimeout: (timer) => {
      timers.delete(timer as number)
    },
    random: () => roll(),
    setRandom: (random) => void (roll = rollOf(random)),
    advance: (milliseconds) => {
      if (!(Number.isFinite(milliseconds) && milliseconds >= 0)) {
        return Promise.reject(
          wrongTime(`advance the clock by ${milliseconds}`, 'a number from 0 up'),
        )
      }
      let until: number | undefined
      let actions: Generator<() => void> | undefined
      return delivery.runAll(() => {
        until ??= now + milliseconds
        actions ??= due(until)
        const { value } = actions.next()
        if (!value) now = until
        return value ?? undefined
      })
    },
    get pending() {
      return timers.size
    },
  }
}

// In the order of their time, and of their making where that is the same.
function earliest(timers: ReadonlyMap<number, Timer>): [number, Timer] | undefined {
  let first: [number, Timer] | undefined
  for (const entry of timers) if (!first || entry[1].at < first[1].at) first = entry
  return first
}

function rollOf(random: number | (() => number)): () => number {
  if (typeof random === 'function') return random
  if (typeof random === 'number' && random >= 0 && random < 1) return () => random
  const remedy = 'give a number from 0 up to 1, or a function'
  throw invalid(`draw ${shown(random)} by chance`, 'Math.random() never does', remedy)
}

function wrongTime(what: string, wanted: string): HarnessError {
  return invalid(what, 'time is finite and goes forward', `give ${wanted}`)
}

function endless(left: number): HarnessError {
  return new HarnessError(
    'still-busy',
    `Cannot advance the clock: ${MAX_TIMERS} timers have run and ${left} ms are left. Look for a timer that sets itself again without delay.`,
  )
}

import { schedule, type Clock } from './clock.ts'

/** Waits for one thing at a time: setting it anew forgets what it was set for. */
export interface Timer {
  /** Runs `run` after `delay` milliseconds. */
  readonly set: (run: () => void, delay: number) => void
  readonly clear: () => void
  /** What it is set for; `undefined` where it waits for nothing. */
  readonly due: () => (() => void) | undefined
}

export function createTimer(clock: Clock): Timer {
  let timer: unknown
  let due: (() => void) | undefined

  function clear(): void {
    if (due !== undefined) clock.clearTimeout(timer)
    due = undefined
  }
  return {
    set: (run, delay) => {
      clear()
      due = run
      const ring = () => {
        due = undefined
        run()
      }
      timer = schedule(clock, ring, delay)
    },
    clear,
    due: () => due,
  }
}

import type { Clock } from '../clock.ts'
import { createTimer } from '../timer.ts'

/** How long to wait, in milliseconds. */
interface Waiting {
  readonly delay: number
  /** Before which somebody new may not hasten it. */
  readonly shortest: number
  /** Before which nothing may. */
  readonly floor: number
}

/** The time until something is tried again. Whoever is in a hurry may cut it short, but only so far. */
export interface Wait {
  /** Waits, then runs `then`. */
  readonly begin: (then: () => void, waiting: Waiting) => void
  readonly end: () => void
  /** Whether something is waited for. */
  readonly waiting: () => boolean
  /** Milliseconds before which nobody new may hasten anything. */
  readonly left: () => number
  /** Nothing is waited for, but somebody new is not to be too hasty either. */
  readonly mark: (until: Pick<Waiting, 'shortest' | 'floor'>) => void
  /** Somebody new wants it. */
  readonly hurry: () => void
  /** What made it wait is over: nothing but the server's own word keeps it waiting. */
  readonly rush: () => void
  /** Runs `then` when nothing forbids it any more: at once, if that is now. Returns the milliseconds left. */
  readonly resume: (then: () => void, patient?: boolean) => number
}

export function createWait(clock: Clock): Wait {
  const timer = createTimer(clock)
  let shortestUntil = 0
  let floorUntil = 0

  function leftUntil(time: number): number {
    return Math.max(0, time - clock.now())
  }
  const mark: Wait['mark'] = ({ shortest, floor }) => {
    shortestUntil = clock.now() + shortest
    floorUntil = clock.now() + floor
  }
  const resume: Wait['resume'] = (then, patient = false) => {
    const left = leftUntil(patient ? shortestUntil : floorUntil)
    timer.clear()
    if (left > 0) timer.set(then, left)
    else then()
    return left
  }
  return {
    begin: (then, waiting) => {
      mark(waiting)
      timer.set(then, waiting.delay)
    },
    end: timer.clear,
    waiting: () => timer.due() !== undefined,
    left: () => leftUntil(shortestUntil),
    mark,
    hurry: () => {
      const then = timer.due()
      if (then) timer.set(then, leftUntil(shortestUntil))
    },
    rush: () => {
      const then = timer.due()
      if (then) resume(then)
    },
    resume,
  }
}

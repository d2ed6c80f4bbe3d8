import type { Clock } from '../clock.ts'
import { createTimer, type Timer } from '../timer.ts'

/** How long to wait, in milliseconds. */
interface Waiting {
  readonly delay: number
  /** Before which somebody new may not hasten it. */
  readonly shortest: number
  /** Before which nothing may. */
  readonly floor: number
}

/** The time until something is tried again. Whoever is in a hurry may cut it short, but only so far. */
export class Wait {
  readonly #clock: Clock
  readonly #then: () => void
  readonly #timer: Timer
  #marked: Omit<Waiting, 'delay'> = { shortest: 0, floor: 0 }
  #markedAt = 0

  constructor(clock: Clock, then: () => void) {
    this.#clock = clock
    this.#then = then
    this.#timer = createTimer(clock)
  }

  /** Whether something is waited for. */
  get waiting(): boolean {
    return this.#timer.due() !== undefined
  }

  begin(waiting: Waiting): void {
    this.mark(waiting)
    this.#timer.set(this.#then, waiting.delay)
  }

  end(): void {
    this.#timer.clear()
  }

  /** Nothing is waited for, but somebody new is not to be too hasty either. */
  mark(waiting: Omit<Waiting, 'delay'>): void {
    this.#marked = waiting
    this.#markedAt = this.#clock.now()
  }

  /** Milliseconds before which somebody new, who is `patient`, or else anybody may not hasten it. */
  left(patient: boolean): number {
    const now = this.#clock.now()
    // A clock that was set back would have all of it last for longer.
    this.#markedAt = Math.min(this.#markedAt, now)
    return Math.max(0, this.#markedAt + this.#marked[patient ? 'shortest' : 'floor'] - now)
  }

  /** Waits no longer than it has to. Returns the milliseconds left; where there are none, it is over. */
  resume(patient: boolean): number {
    const left = this.left(patient)
    this.end()
    if (left > 0) this.#timer.set(this.#then, left)
    else this.#then()
    return left
  }

  /** The same, where something is waited for: somebody new wants it, or, not `patient`, what made it wait is over. */
  hurry(patient: boolean): void {
    if (this.waiting) this.resume(patient)
  }
}

import { schedule, type Clock } from '../clock.ts'

/** The time until something is tried again. Whoever is in a hurry may cut it short, but only so far. */
export class Wait {
  readonly #clock: Clock
  #timer: unknown
  #then: (() => void) | undefined
  #shortestUntil = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Waits for `delay` milliseconds, and for `shortest` even if somebody hurries; then runs `then`. */
  begin(then: () => void, delay: number, shortest: number): void {
    this.#shortestUntil = this.#clock.now() + shortest
    this.#set(then, delay)
  }

  /** Somebody is in a hurry. */
  hurry(): void {
    if (this.#then === undefined) return
    this.#set(this.#then, Math.max(0, this.#shortestUntil - this.#clock.now()))
  }

  end(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#then = undefined
  }

  #set(then: () => void, delay: number): void {
    this.end()
    this.#then = then
    const run = () => {
      this.#timer = undefined
      this.#then = undefined
      then()
    }
    this.#timer = schedule(this.#clock, run, delay)
  }
}

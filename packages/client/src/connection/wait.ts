import { schedule, type Clock } from '../clock.ts'

/** How long to wait, in milliseconds. */
export interface Waiting {
  readonly delay: number
  /** Before which somebody new may not hasten it. */
  readonly shortest: number
  /** Before which nothing may. */
  readonly floor: number
}

/** The time until something is tried again. Whoever is in a hurry may cut it short, but only so far. */
export class Wait {
  readonly #clock: Clock
  #timer: unknown
  #then: (() => void) | undefined
  #shortestUntil = 0
  #floorUntil = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Waits, then runs `then`. */
  begin(then: () => void, { delay, shortest, floor }: Waiting): void {
    const now = this.#clock.now()
    this.#shortestUntil = now + shortest
    this.#floorUntil = now + floor
    this.#set(then, delay)
  }

  /** Somebody new wants it. */
  hurry(): void {
    if (this.#then !== undefined) this.#set(this.#then, this.#shortestUntil - this.#clock.now())
  }

  /** What made it wait is over: nothing but the server's own word keeps it waiting. Returns the milliseconds left. */
  rush(then: (() => void) | undefined = this.#then): number {
    const left = Math.max(0, this.#floorUntil - this.#clock.now())
    if (then !== undefined && left > 0) this.#set(then, left)
    if (left > 0) return left
    this.end()
    then?.()
    return 0
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
    this.#timer = schedule(this.#clock, run, Math.max(0, delay))
  }
}

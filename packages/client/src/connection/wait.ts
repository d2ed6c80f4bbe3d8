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
    this.mark({ shortest, floor })
    this.#set(then, delay)
  }

  /** Whether something is waited for. */
  get waiting(): boolean {
    return this.#then !== undefined
  }

  /** Milliseconds before which nobody new may hasten anything. */
  get left(): number {
    return Math.max(0, this.#shortestUntil - this.#clock.now())
  }

  /** Nothing is waited for, but somebody new is not to be too hasty either. */
  mark({ shortest, floor }: Pick<Waiting, 'shortest' | 'floor'>): void {
    const now = this.#clock.now()
    this.#shortestUntil = now + shortest
    this.#floorUntil = now + floor
  }

  /** All is well: what was asked for before is over. */
  clear(): void {
    this.mark({ shortest: 0, floor: 0 })
  }

  /** Somebody new wants it. */
  hurry(): void {
    if (this.#then !== undefined) this.#set(this.#then, this.left)
  }

  /** What made it wait is over: nothing but the server's own word keeps it waiting. */
  rush(): void {
    if (this.#then !== undefined) this.resume(this.#then)
  }

  /** Runs `then` when nothing forbids it any more: at once, if that is now. Returns the milliseconds left. */
  resume(then: () => void, patient = false): number {
    const until = patient ? this.#shortestUntil : this.#floorUntil
    const left = Math.max(0, until - this.#clock.now())
    if (left > 0) {
      this.#set(then, left)
    } else {
      this.end()
      then()
    }
    return left
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

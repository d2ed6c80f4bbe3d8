import { schedule, type Clock } from '../clock.ts'

/** A timer that comes this much too late, in milliseconds, was held up: the machine or the page slept. */
const LATE = 1_000
/** Milliseconds that what the network has queued meanwhile is given to arrive. */
const ONE_MORE_TURN = 1_000

/** Tells when a link has been silent for too long. Any byte feeds it. */
export class Watchdog {
  readonly #clock: Clock
  readonly #timeout: number
  readonly #onSilent: () => void
  #timer: unknown
  #armed = false
  #fedAt = 0
  #dueAt = 0

  constructor(clock: Clock, timeout: number, onSilent: () => void) {
    this.#clock = clock
    this.#timeout = timeout
    this.#onSilent = onSilent
  }

  get armed(): boolean {
    return this.#armed
  }

  arm(): void {
    if (this.#armed) return
    this.#armed = true
    this.feed()
    this.#watch(this.#timeout)
  }

  feed(): void {
    this.#fedAt = this.#clock.now()
  }

  /** Looks at once: the page is back from where timers are slow. */
  look(): void {
    if (!this.#armed || this.#clock.now() - this.#fedAt < this.#timeout) return
    this.#stopTimer()
    this.#watch(ONE_MORE_TURN)
  }

  disarm(): void {
    this.#armed = false
    this.#stopTimer()
  }

  #watch(delay: number): void {
    this.#dueAt = this.#clock.now() + delay
    this.#timer = schedule(this.#clock, () => this.#check(), delay)
  }

  #check(): void {
    this.#timer = undefined
    const now = this.#clock.now()
    const left = this.#fedAt + this.#timeout - now
    if (left > 0) this.#watch(left)
    else if (now - this.#dueAt >= LATE) this.#watch(ONE_MORE_TURN)
    else this.#onSilent()
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

import { schedule, type Clock } from '../clock.ts'

export interface HoldersOptions {
  readonly clock: Clock
  /** Milliseconds. */
  readonly linger: number
  /** Somebody came, and is still there one microtask later. */
  readonly onHeld: () => void
  /** The last holder left, and nobody came while it lingered. */
  readonly onReleased: () => void
}

/**
 * Who keeps a connection open.
 *
 * Opening waits for one microtask, so that components that mount together open together, and whoever comes and goes
 * at once (a server render, React's StrictMode) opens nothing twice. Closing waits for `linger`.
 */
export class Holders {
  readonly #options: HoldersOptions
  #count = 0
  #opening = false
  #linger: unknown
  #disposed = false

  constructor(options: HoldersOptions) {
    this.#options = options
  }

  /** Holds; the result lets go, once, however often it is called. */
  add(): () => void {
    this.#count += 1
    this.#stopLinger()
    this.#open()
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#count -= 1
      if (this.#count === 0 && !this.#disposed) this.#startLinger()
    }
  }

  /** Neither opens nor releases any more. */
  dispose(): void {
    this.#disposed = true
    this.#stopLinger()
  }

  #open(): void {
    if (this.#opening) return
    this.#opening = true
    queueMicrotask(() => {
      this.#opening = false
      if (this.#count > 0 && !this.#disposed) this.#options.onHeld()
    })
  }

  #startLinger(): void {
    const { clock, linger, onReleased } = this.#options
    const release = () => {
      this.#linger = undefined
      onReleased()
    }
    this.#linger = schedule(clock, release, linger)
  }

  #stopLinger(): void {
    if (this.#linger === undefined) return
    this.#options.clock.clearTimeout(this.#linger)
    this.#linger = undefined
  }
}

import type { Clock } from '../clock.ts'
import { RESET } from '../event.ts'

/** Milliseconds for which an event type is wanted after its last reader: many come back at once. */
const LINGER = 1_000

/** The event types that a tab wants: those that are read there, and for a while those that were. */
export class TypeSet {
  readonly #clock: Clock
  readonly #read: () => ReadonlySet<string>
  readonly #onChange: () => void
  #wanted: ReadonlySet<string>
  #looking = false
  #over = false
  #shrinking: unknown

  constructor(clock: Clock, read: () => ReadonlySet<string>, onChange: () => void) {
    this.#clock = clock
    this.#read = () => new Set([RESET, ...read()])
    this.#wanted = this.#read()
    this.#onChange = onChange
  }

  get wanted(): ReadonlySet<string> {
    return this.#wanted
  }

  /** Somebody reads something else. The changes of one microtask are one change. */
  look(): void {
    if (this.#looking) return
    this.#looking = true
    queueMicrotask(() => {
      this.#looking = false
      if (this.#over) return
      const read = this.#read()
      this.#want(this.#wanted.union(read))
      if (read.size === this.#wanted.size || this.#shrinking !== undefined) return
      this.#shrinking = this.#clock.setTimeout(() => {
        this.#shrinking = undefined
        this.#want(this.#read())
      }, LINGER)
    })
  }

  dispose(): void {
    if (this.#shrinking !== undefined) this.#clock.clearTimeout(this.#shrinking)
    this.#over = true
  }

  #want(types: ReadonlySet<string>): void {
    if (types.size === this.#wanted.size && types.isSubsetOf(this.#wanted)) return
    this.#wanted = types
    this.#onChange()
  }
}

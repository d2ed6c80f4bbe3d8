import { stripLabel } from '@millrace/server'

const MADE_HERE = /^fake(\d*)-(\d+|reset)$/

/**
 * Names the order of events between two resets; every id and position that is made there starts with it.
 *
 * So a cursor tells by itself whether it was had before a reset.
 */
export class Epoch {
  readonly #number: number
  /** Whether ids are of this order: not where the caller has an order of their own, which no reset ends. */
  readonly #isOrder: boolean

  constructor(number: number, isOrder: boolean) {
    this.#number = number
    this.#isOrder = isOrder
  }

  /** What stands before the number of an id: `fake`, then `fake2` and so on. */
  get name(): string {
    return this.#number === 1 ? 'fake' : `fake${this.#number}`
  }

  /**
   * What a client is told at its end, and says when it comes back.
   *
   * An id without data moves a client's cursor and dispatches nothing (WHATWG HTML, 9.2.6).
   */
  get farewell(): Uint8Array {
    return new TextEncoder().encode(`id: ${this.name}-reset\n\n`)
  }

  /** Whether this cursor was had before a reset. */
  retires(cursor: string | undefined): boolean {
    const [, digits, what] = MADE_HERE.exec(stripLabel(cursor ?? '')) ?? []
    if (digits === undefined || (what !== 'reset' && !this.#isOrder)) return false
    return (digits === '' ? 1 : Number(digits)) < this.#number
  }
}

import { stripLabel } from '@millrace/server'

/**
 * Knows the clients of what has been reset, by their cursors.
 *
 * An id without data moves a client's cursor and dispatches nothing (WHATWG HTML, 9.2.6), so the last thing a stream
 * says before a reset is an id that no server would give.
 */
export class Retirement {
  readonly #mark = 'fake-reset-'
  readonly #given = new Set<string>()
  readonly #retired = new Set<string>()
  #resets = 0

  /** What marks a client for good. */
  get farewell(): string {
    return `id: ${this.#mark}${this.#resets}\n\n`
  }

  /** Remembers an id that was made here, and so cannot belong to a later test. */
  noteId(id: string | undefined): void {
    if (id !== undefined) this.#given.add(id)
  }

  /** From now on, whoever has come this far is not let in again. */
  retire(): void {
    this.#resets += 1
    for (const id of this.#given) this.#retired.add(id)
    this.#given.clear()
  }

  /** Whether this cursor was had from before a reset. */
  has(cursor: string | undefined): boolean {
    if (cursor === undefined) return false
    const id = stripLabel(cursor)
    return id.startsWith(this.#mark) || this.#retired.has(id)
  }
}

import type { RawEvent } from '../event.ts'

/** How many events are remembered at the least, to know them again, if they are not too long. */
const MEMORY = 1_024
/** How many characters of data are remembered, if they are. */
const MEMORY_SIZE = 1_048_576

/**
 * Knows events again that two connections brought, where one took over from the other.
 *
 * Only then are repeats looked for, only among events with an id of their own, and only as far as memory reaches:
 * anywhere else, two equal events are two events.
 */
export class Repeats {
  #memory: RawEvent[] = []
  #size = 0
  /** What the former connection brought, as long as the new one may bring it again. */
  #known: Set<string> | undefined
  /** The newest of that. */
  #newest = ''
  /** The events with ids after which it will not bring them any more. */
  #left = 0
  readonly #keyOf: (event: RawEvent) => string

  /** With `relabels`, the next connection may be for other channels, whose server labels an event's id anew. */
  constructor(relabels: boolean) {
    this.#keyOf = ({ id = '', type, data }) =>
      JSON.stringify([relabels ? id.slice(id.indexOf('@') + 1) : id, type, data])
  }

  /** Whether what came last of the former connection may yet come again. */
  get isBehind(): boolean {
    return Boolean(this.#known?.has(this.#newest))
  }

  /** Another connection takes over. */
  overlap(): void {
    const known = this.#memory.map(this.#keyOf)
    this.#left = 2 * MEMORY
    this.#newest = known.at(-1) ?? ''
    this.#known = known.length === 0 ? undefined : new Set(known)
  }

  /** The events of these that are new, which from now on are known. */
  without(events: readonly RawEvent[]): readonly RawEvent[] {
    const fresh =
      this.#known === undefined ? events : events.filter((event) => !this.#isRepeat(event))
    for (const event of fresh) this.#remember(event)
    return fresh
  }

  #remember(event: RawEvent): void {
    if (event.id === undefined) return
    this.#memory.push(event)
    this.#size += event.data.length
    // Half of it goes at a time, so that an event costs no copying.
    if (this.#memory.length < 2 * MEMORY && this.#size < 2 * MEMORY_SIZE) return
    this.#memory = this.#memory.slice(this.#memory.length / 2)
    this.#size = this.#memory.reduce((size, { data }) => size + data.length, 0)
  }

  #isRepeat(event: RawEvent): boolean {
    if (event.id === undefined || this.#known === undefined) return false
    const isRepeat = this.#known.delete(this.#keyOf(event))
    this.#left -= 1
    if (this.#left === 0 || this.#known.size === 0) this.#known = undefined
    return isRepeat
  }
}

import type { RawEvent } from '../event.ts'

/** How many events are remembered, to know them again. */
const MEMORY = 1_024

/**
 * Knows events again that two connections brought, where one took over from the other.
 *
 * Only then are repeats looked for, only among events with an id of their own, and only as far as memory reaches:
 * anywhere else, two equal events are two events.
 */
export class Repeats {
  #memory: RawEvent[] = []
  /** What the former connection brought, as long as the new one may bring it again. */
  #known: Set<string> | undefined
  #left = 0

  /** Another connection takes over. */
  overlap(): void {
    this.#left = this.#memory.length
    this.#known = this.#left === 0 ? undefined : new Set(this.#memory.map(keyOf))
  }

  /** The events of these that are new, which from now on are known. */
  without(events: readonly RawEvent[]): readonly RawEvent[] {
    const fresh =
      this.#known === undefined ? events : events.filter((event) => !this.#isRepeat(event))
    for (const event of fresh) if (event.id !== undefined) this.#memory.push(event)
    // Cut rarely, so that an event costs no copying.
    if (this.#memory.length > 2 * MEMORY) this.#memory = this.#memory.slice(-MEMORY)
    return fresh
  }

  #isRepeat(event: RawEvent): boolean {
    if (event.id === undefined || this.#known === undefined) return false
    const isRepeat = this.#known.has(keyOf(event))
    this.#left -= 1
    if (this.#left === 0) this.#known = undefined
    return isRepeat
  }
}

/** Without the label of a channel (`pets/dogs@17`): the next connection may be for other channels, and label anew. */
function keyOf({ id = '', type, data }: RawEvent): string {
  return JSON.stringify([id.slice(id.indexOf('@') + 1), type, data])
}

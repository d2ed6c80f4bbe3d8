/** The last items of a sequence, at most `limit`: taking one costs the same, however many there are. */
export class Ring<Item> {
  readonly #limit: number
  readonly #items: Item[] = []
  /** Where the oldest is, and the next goes, once it is full. */
  #start = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  push(item: Item): void {
    if (this.#items.length < this.#limit) {
      this.#items.push(item)
      return
    }
    this.#items[this.#start] = item
    this.#start = (this.#start + 1) % this.#limit
  }

  clear(): void {
    this.#items.length = 0
    this.#start = 0
  }

  /** A copy, the oldest first. */
  toArray(): readonly Item[] {
    return [...this.#items.slice(this.#start), ...this.#items.slice(0, this.#start)]
  }
}

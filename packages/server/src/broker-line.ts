/**
 * A value, and what came after it.
 *
 *     tail of the line ───────────────────────────────┐
 *                                                     ▼
 *     ·  ◀ gone     link ──▶ link ──▶ link ──▶ link ──▶ link
 *                     ▲                 ▲
 *     slowest cursor ─┘    another one ─┘
 *
 * Links know what follows and the line knows its last one only: what every cursor has passed is nobody's any more, and
 * nothing is ever copied.
 */
export interface Link<Value> {
  readonly value: Value | undefined
  next: Link<Value> | undefined
}

/** Whoever waits for the next link of a line. */
export interface Waiting {
  readonly wake: () => void
}

/** The values for those who listen to the same channels, in order. */
export class Line<Value> {
  readonly channels: readonly string[]
  /** Those who read it, of whom it knows no more than how many they are. */
  readers = 0
  ended = false
  tail: Link<Value> = { value: undefined, next: undefined }
  readonly #waiting = new Set<Waiting>()

  constructor(channels: readonly string[]) {
    this.channels = channels
  }

  append(value: Value): void {
    this.tail.next = { value, next: undefined }
    this.tail = this.tail.next
    this.#wake()
  }

  /** Takes no more: who has read all of it is at its end. */
  end(): void {
    this.ended = true
    this.#wake()
  }

  /** Wakes somebody when there is more, or nothing any more. */
  await(reader: Waiting): void {
    this.#waiting.add(reader)
  }

  forget(reader: Waiting): void {
    this.#waiting.delete(reader)
  }

  #wake(): void {
    for (const reader of this.#waiting) reader.wake()
  }
}

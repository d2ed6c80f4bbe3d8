const LINE_END = /\r\n?|\n/g

/** How lines begin that are read of an event that is too large as well: comments, `id` and `retry`. */
const SPARED = ':ir'

/**
 * Counts an event's lines, and once they are too much, cuts them off up to the blank line.
 *
 * What a parser makes of the rest is an event that nobody may hear, with the `id` and the `retry` that it had.
 */
export class EventBound {
  readonly #max: number
  readonly #onExceeded: (size: number) => void
  #exceeded = false
  #size = 0
  #line = 0
  #comment = false
  #spared = false
  #cut = false
  #afterReturn = false

  constructor(max: number, onExceeded: (size: number) => void) {
    this.#max = max
    this.#onExceeded = onExceeded
  }

  /** Whether the event under way is too large. */
  get exceeded(): boolean {
    return this.#exceeded
  }

  /** The most that a parser holds of the event under way, in characters. */
  get held(): number {
    return this.#size + this.#line
  }

  /** What a parser is to have of the text. While it has the piece that ends an event, `exceeded` speaks of that one. */
  *admit(text: string): Generator<string, void, void> {
    if (text === '') return
    let from = 0
    let at = this.#afterReturn && text.startsWith('\n') ? 1 : 0
    while (at < text.length) {
      LINE_END.lastIndex = at
      const end = LINE_END.exec(text)
      const stop = end?.index ?? text.length
      if (stop > at) {
        this.#count(text.charAt(at), stop - at)
        if (this.#size > this.#max && !this.#exceeded) {
          yield text.slice(from, at)
          from = at
          this.#exceeded = true
          this.#onExceeded(this.#size)
        }
        if (!this.#cut && !this.#fits()) {
          // NUL, because a parser may have a part of the line: "If the field value does not contain U+0000 NULL,
          // then set the last event ID buffer to the field value. Otherwise, ignore the field."
          yield `${text.slice(from, at)}\0`
          this.#cut = true
        }
        if (this.#cut) from = stop
      }
      if (end === null) break
      at = stop + end[0].length
      if (this.#line === 0) {
        yield text.slice(from, at)
        from = at
        this.#exceeded = false
        this.#size = 0
      }
      this.#line = 0
    }
    this.#afterReturn = text.endsWith('\r')
    yield text.slice(from)
  }

  #count(first: string, characters: number): void {
    if (this.#line === 0) {
      this.#comment = first === ':'
      this.#spared = SPARED.includes(first)
      this.#cut = false
    }
    this.#line += characters
    if (!this.#comment) this.#size += characters
  }

  #fits(): boolean {
    return this.#spared ? this.#line <= this.#max : !this.#exceeded
  }
}

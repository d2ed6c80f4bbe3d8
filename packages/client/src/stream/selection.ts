import type { StreamEvent } from '../event.ts'

/** The value a selector last made, and whether it has made one yet: it may make `undefined`. */
export class Selection<Data, Value> {
  #value: Value | undefined
  #made = false

  get made(): boolean {
    return this.#made
  }

  /** The value; `undefined` before the first. */
  get value(): Value | undefined {
    return this.#value
  }

  /** Selects from an event; a value that equals the last leaves that in place. What throws changes nothing. */
  take(
    event: StreamEvent<Data>,
    selector: (event: StreamEvent<Data>) => Value,
    equals: (a: Value, b: Value) => boolean = Object.is,
  ): Value {
    const next = selector(event)
    if (this.#made && equals(this.#value as Value, next)) return this.#value as Value
    this.#value = next
    this.#made = true
    return next
  }
}

import type { StreamEvent } from '../event.ts'

/** The value a selector last made, and whether it has made one yet: it may make `undefined`. */
export class Selection<Data, Value> {
  made = false
  value: Value | undefined
  #event: StreamEvent<Data> | undefined
  #by: ((event: StreamEvent<Data>) => Value) | undefined

  /** Selects from an event, once; a value that equals the last leaves that in place. What throws changes nothing. */
  take(
    event: StreamEvent<Data>,
    selector: (event: StreamEvent<Data>) => Value,
    equals: (a: Value, b: Value) => boolean = Object.is,
  ): Value {
    if (event === this.#event && selector === this.#by) return this.value as Value
    this.#event = event
    this.#by = selector
    const next = selector(event)
    if (!this.made || !equals(this.value as Value, next)) this.value = next
    this.made = true
    return this.value as Value
  }
}

import type { RawEvent } from '../event.ts'
import type { Decoding } from './decode.ts'
import type { Reader } from './reader.ts'
import { reads, type Readers } from './readers.ts'

/** The events of a stream that is sent only once, for who comes late; of more than `limit` characters the newest. */
export class Kept {
  readonly #limit: number
  #events: { readonly decoding: Decoding; readonly channels: readonly string[] }[] = []
  #size = 0
  #truncated = false

  constructor(limit: number) {
    this.#limit = limit
  }

  add(decoding: Decoding, channels: readonly string[]): void {
    this.#events.push({ decoding, channels })
    this.#size += sizeOf(decoding.raw)
    if (this.#size <= this.#limit) return
    this.#truncated = true
    // More than is needed goes at a time, so that an event costs no copying.
    let first = 0
    while (first < this.#events.length && this.#size > this.#limit / 2) {
      this.#size -= sizeOf((this.#events[first] as { decoding: Decoding }).decoding.raw)
      first += 1
    }
    this.#events = this.#events.slice(first)
  }

  /** Gives a reader its events from the start. */
  replay(reader: Reader, readers: Readers): void {
    if (this.#truncated) readers.gap({ reason: 'too-large' }, reader)
    for (const { decoding, channels } of this.#events) {
      if (reads(reader, decoding.raw.type, channels)) readers.give(reader, decoding)
    }
  }

  clear(): void {
    this.#events = []
    this.#size = 0
    this.#truncated = false
  }
}

function sizeOf({ type, data, lastEventId }: RawEvent): number {
  return type.length + data.length + lastEventId.length
}

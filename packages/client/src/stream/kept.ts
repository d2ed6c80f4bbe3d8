import type { Decoding } from './decode.ts'
import type { Reader } from './reader.ts'
import { reads, type Readers } from './readers.ts'

/** The events of a stream that is sent only once, for who comes late; of more than `limit` characters the newest. */
export class Kept {
  readonly #limit: number
  readonly #events = new Set<{
    readonly decoding: Decoding
    readonly channels: readonly string[]
  }>()
  #size = 0
  #truncated = false

  constructor(limit: number) {
    this.#limit = limit
  }

  add(decoding: Decoding, channels: readonly string[]): void {
    this.#events.add({ decoding, channels })
    this.#size += sizeOf(decoding)
    for (const oldest of this.#events) {
      if (this.#size <= this.#limit) return
      this.#truncated = true
      this.#events.delete(oldest)
      this.#size -= sizeOf(oldest.decoding)
    }
  }

  /** Gives a reader its events from the start. */
  replay(reader: Reader, readers: Readers): void {
    if (this.#truncated) readers.gap({ reason: 'too-large' }, reader)
    for (const { decoding, channels } of this.#events) {
      if (reads(reader, decoding.raw.type, channels)) readers.give(reader, decoding)
    }
  }

  clear(): void {
    this.#events.clear()
    this.#size = 0
    this.#truncated = false
  }
}

function sizeOf({ raw: { type, data, lastEventId } }: Decoding): number {
  return type.length + data.length + lastEventId.length
}

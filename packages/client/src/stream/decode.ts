import { StreamError } from '../errors.ts'
import type { RawEvent, StreamEvent } from '../event.ts'

/** Makes a payload of the raw text; what it throws is reported, and the event is dropped. */
export type Decoder<Data> = (raw: string, event: RawEvent) => Data

/**
 * The payload as JSON, believed to be a `T`.
 *
 * @example
 * const trades = eventStream('/events', { events: { tick: json<{ price: number }>() } })
 */
export function json<T>(): Decoder<T> {
  return parseJson as Decoder<T>
}

/**
 * The payload as it is: what is used where no decoder is named.
 *
 * @example
 * const log = eventStream('/log', { events: { line: text } })
 */
export function text(raw: string): string {
  return raw
}

// One function for every call of `json()`, so that inline use shares its work with all the others.
function parseJson(raw: string): unknown {
  return JSON.parse(raw)
}

/** A decoded event, or why there is none. */
export type Decoded = StreamEvent<unknown> | StreamError

/** Decodes one event at most once for each decoder, however many read it. */
export class Decoding {
  readonly #raw: RawEvent
  readonly #channel: string | undefined
  readonly #done = new Map<Decoder<unknown>, Decoded>()

  constructor(raw: RawEvent, channel: string | undefined) {
    this.#raw = raw
    this.#channel = channel
  }

  get type(): string {
    return this.#raw.type
  }

  by(decoder: Decoder<unknown>): Decoded {
    const done = this.#done.get(decoder)
    if (done !== undefined) return done
    const decoded = this.#decode(decoder)
    this.#done.set(decoder, decoded)
    return decoded
  }

  #decode(decoder: Decoder<unknown>): Decoded {
    const { type, data: raw, lastEventId } = this.#raw
    try {
      return { type, data: decoder(raw, this.#raw), lastEventId, channel: this.#channel }
    } catch (cause) {
      return new StreamError(
        'decode',
        `Cannot decode a "${type}" event: ${cause instanceof Error ? cause.message : String(cause)}. The event was dropped; its text is in error.data.`,
        { cause, data: raw },
      )
    }
  }
}

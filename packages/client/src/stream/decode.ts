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

/** One event on its way to its readers: decoded at most once for each decoder, however many read it. */
export class Decoding {
  readonly raw: RawEvent
  readonly #channel: string | undefined
  readonly #decoded = new Map<Decoder<unknown>, StreamEvent<unknown> | DecodeFailure>()

  constructor(raw: RawEvent, channel: string | undefined) {
    this.raw = raw
    this.#channel = channel
  }

  /** The event as this decoder makes it; where it cannot, the failure. */
  by(decoder: Decoder<unknown>): StreamEvent<unknown> | DecodeFailure {
    let decoded = this.#decoded.get(decoder)
    if (decoded === undefined) this.#decoded.set(decoder, (decoded = this.#decode(decoder)))
    return decoded
  }

  #decode(decoder: Decoder<unknown>): StreamEvent<unknown> | DecodeFailure {
    const { type, data, lastEventId } = this.raw
    try {
      return { type, data: decoder(data, this.raw), lastEventId, channel: this.#channel }
    } catch (cause) {
      return new DecodeFailure(
        new StreamError(
          'decode',
          `Cannot decode a "${type}" event: ${cause instanceof Error ? cause.message : String(cause)}. The event was dropped; its text is in error.data.`,
          { cause, data },
        ),
      )
    }
  }
}

/** That an event did not decode, and who has been told. */
export class DecodeFailure {
  readonly error: StreamError
  readonly #told = new Set<(error: StreamError) => void>()

  constructor(error: StreamError) {
    this.error = error
  }

  /** Tells `listener`, once, however many readers share it. */
  tell(listener: (error: StreamError) => void): void {
    if (this.#told.has(listener)) return
    this.#told.add(listener)
    listener(this.error)
  }
}

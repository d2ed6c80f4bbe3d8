import type { StreamError } from '../errors.ts'
import type { RawEvent, StreamEvent } from '../event.ts'
import { failure } from '../failure.ts'
import { isSchema, SchemaIssues, validate, type StandardSchema } from './standard-schema.ts'

/**
 * Makes a payload of the raw text; what it throws is reported, and the event is dropped.
 *
 * @example
 * const list: DecodeFunction<string[]> = (raw) => raw.split(',')
 */
export type DecodeFunction<Data> = (raw: string, event: RawEvent) => Data

/**
 * How a payload is made of the raw text: `json()`, `text`, a function, or any Standard Schema (of zod, valibot,
 * ArkType, …), which is given the parsed JSON and may be asynchronous.
 *
 * What a function returns is the payload, a promise too: nobody waits for it. A schema that takes its time delays the
 * readers of its own type and of `'*'`, and no others. What throws, rejects or finds issues is told to `onError` and
 * `decodeError` with the raw text, and the event is dropped.
 *
 * @example
 * const orders = eventStream('/orders', {
 *   events: { order: z.object({ id: z.string() }), size: (raw) => raw.length, note: text },
 * })
 */
export type Decoder<Data> = DecodeFunction<Data> | StandardSchema<unknown, Data>

/**
 * What a decoder makes: a schema's output, or what a function returns.
 *
 * @example
 * type Order = OutputOf<typeof OrderSchema>
 */
export type OutputOf<Decoder> =
  Decoder extends StandardSchema<unknown, infer Output>
    ? Output
    : Decoder extends DecodeFunction<infer Data>
      ? Data
      : never

/**
 * The payload as JSON, believed to be a `T`.
 *
 * @example
 * const trades = eventStream('/events', { events: { tick: json<{ price: number }>() } })
 */
export function json<T>(): DecodeFunction<T> {
  return parseJson as DecodeFunction<T>
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
export function parseJson(raw: string): unknown {
  return JSON.parse(raw)
}

/** What became of an event: what its readers are given, or word that there is nothing to give. */
export type Decoded = StreamEvent<unknown> | DecodeFailure

type AnyDecoder = Decoder<unknown>

/** One event on its way to its readers: decoded at most once for each decoder, however many read it. */
export class Decoding {
  readonly raw: RawEvent
  readonly #channel: string | undefined
  readonly #isLast: boolean
  // Nearly always there is one decoder. The others are held weakly: the last event is kept, inline decoders are many.
  #decoder: AnyDecoder | undefined
  #decoded: Decoded | Promise<Decoded> | undefined
  #others: WeakMap<AnyDecoder, Decoded | Promise<Decoded>> | undefined

  constructor(raw: RawEvent, channel: string | undefined, isLast = false) {
    this.raw = raw
    this.#channel = channel
    this.#isLast = isLast
  }

  /** What this decoder makes of the event; as long as it is at it, the promise of that. */
  by(decoder: AnyDecoder): Decoded | Promise<Decoded> {
    const known = this.#decoder === decoder ? this.#decoded : this.#others?.get(decoder)
    if (known !== undefined) return known
    const decoded = this.#decode(decoder)
    this.#keep(decoder, decoded)
    if (decoded instanceof Promise) void decoded.then((made) => this.#keep(decoder, made))
    return decoded
  }

  #keep(decoder: AnyDecoder, decoded: Decoded | Promise<Decoded>): void {
    this.#decoder ??= decoder
    if (this.#decoder === decoder) this.#decoded = decoded
    else (this.#others ??= new WeakMap()).set(decoder, decoded)
  }

  #decode(decoder: AnyDecoder): Decoded | Promise<Decoded> {
    const { data } = this.raw
    try {
      if (!isSchema(decoder)) return this.#event(decoder(data, this.raw))
      const output = validate(decoder, JSON.parse(data))
      if (!(output instanceof Promise)) return this.#event(output)
      return output.then(
        (made) => this.#event(made),
        (cause) => this.#failure(cause),
      )
    } catch (cause) {
      return this.#failure(cause)
    }
  }

  #event(data: unknown): StreamEvent<unknown> {
    const { type, lastEventId } = this.raw
    return { type, data, lastEventId, channel: this.#channel }
  }

  #failure(cause: unknown): DecodeFailure {
    const { type, data } = this.raw
    const because = cause instanceof Error ? cause.message : String(cause)
    return new DecodeFailure(
      type,
      failure('decode', `Cannot decode a "${type}" event: ${because}.`, {
        cause: cause instanceof SchemaIssues ? cause.issues : cause,
        data,
      }),
      this.#isLast,
    )
  }
}

/** That an event did not decode. */
export class DecodeFailure {
  readonly type: string
  readonly error: StreamError
  /** A mark that says the stream is done (`[DONE]`, say) need not be a payload. */
  readonly excused: boolean

  constructor(type: string, error: StreamError, excused: boolean) {
    this.type = type
    this.error = error
    this.excused = excused
  }
}

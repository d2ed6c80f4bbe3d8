import { checkReading } from '#development'
import { StreamError } from './errors.ts'
import type { RawEvent, StreamEvent } from './event.ts'
import { failure } from './failure.ts'
import { leavable } from './stream/iterator.ts'
import { DecodeFailure, Decoding } from './stream/decode.ts'
import { decoderIn, decodersIn } from './stream/decoders.ts'
import type { EventMap, EventOf, EventsOf, NoMap } from './stream/stream.ts'
import { tooLarge } from './stream/too-large.ts'
import { chunkReader } from './transport/chunk-reader.ts'

/**
 * How a response is read.
 *
 * @example
 * readEvents(response, { events: { message: json<Token>() }, doneWhen: ({ data }) => data === '[DONE]' })
 */
export interface ReadEventsOptions<Map extends EventMap = NoMap> {
  /** A decoder for each event type; without it every payload is a string. */
  readonly events?: Map | undefined
  /** Ends the reading with its reason when it aborts. Defaults to none. */
  readonly signal?: AbortSignal | undefined
  /** Whether an event is the last. Defaults to none. */
  readonly doneWhen?: ((event: RawEvent) => boolean) | undefined
  /** Hears of payloads that do not decode, and of events that are too large; without it, they are thrown. */
  readonly onError?: ((error: StreamError) => void) | undefined
  /** The largest event, as `fetchTransport` has it. Defaults to `1_048_576`. */
  readonly maxEventSize?: number | undefined
}

/**
 * The events of a response that is there already, or of any stream of bytes, in order: no pool, no retries.
 *
 * It throws the `StreamError` of a response that is none of 200 to 299 (`status`), of one that breaks off (`network`),
 * and of a payload that does not decode (`decode`). Leaving the loop cancels the body; so do `return` and an abort, at
 * once, whatever is waited for.
 *
 * @example
 * const response = await fetch('/chat', { method: 'POST', body: question, signal })
 * for await (const { data } of readEvents(response, { events: { message: json<{ token: string }>() } })) {
 *   answer.append(data.token)
 * }
 */
export function readEvents<Map extends EventMap = NoMap>(
  source: Response | ReadableStream<Uint8Array>,
  options: ReadEventsOptions<Map> = {},
): AsyncGenerator<EventOf<EventsOf<Map>, '*'>, undefined, undefined> {
  checkReading(source, options)
  const reading = new Reading(source)
  const events = leavable(eventsOf(reading, options), () => reading.end(LEFT))
  return events as AsyncGenerator<never, undefined, undefined>
}

/** Why the reading is over, where nobody need be told. */
const LEFT = Symbol('left')

async function* eventsOf(
  reading: Reading,
  options: ReadEventsOptions<EventMap>,
): AsyncGenerator<StreamEvent<unknown>, undefined, undefined> {
  const { signal, doneWhen, onError, maxEventSize } = options
  const decoders = decodersIn(options.events)
  const heard: (RawEvent | StreamError)[] = []
  const take = chunkReader({
    lastEventId: '',
    maxEventSize,
    sink: {
      receive: (chunk) => heard.push(...chunk),
      skipped: (size) => heard.push(tooLarge(size)),
      active: () => {},
      retry: () => {},
    },
    over: () => false,
  })
  const tell = (error: StreamError) => {
    if (onError === undefined) throw error
    onError(error)
  }
  const abort = () => reading.end(signal?.reason)
  signal?.addEventListener('abort', abort)
  try {
    if (signal?.aborted) abort()
    for await (const bytes of reading.chunks()) {
      take(bytes)
      for (const raw of heard.splice(0)) {
        reading.goOn()
        if (raw instanceof StreamError) {
          tell(raw)
          continue
        }
        const isLast = doneWhen?.(raw) ?? false
        const decoding = new Decoding(raw, undefined, isLast).by(decoderIn(decoders, raw.type))
        const decoded = decoding instanceof Promise ? await reading.wait(decoding) : decoding
        reading.goOn()
        if (!(decoded instanceof DecodeFailure)) yield decoded
        else if (!decoded.excused) tell(decoded.error)
        if (isLast) return
      }
    }
  } catch (error) {
    if (error !== LEFT) throw error
  } finally {
    signal?.removeEventListener('abort', abort)
    reading.end(LEFT)
  }
}

/** The reading of a body, which may end at any time. */
class Reading {
  readonly #source: Response | ReadableStream<Uint8Array>
  readonly #over = new AbortController()
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined

  constructor(source: Response | ReadableStream<Uint8Array>) {
    this.#source = source
  }

  /** Lets go of the body, and of whatever is waited for. */
  end(reason: unknown): void {
    if (this.#over.signal.aborted) return
    this.#over.abort(reason)
    const body = this.#reader ?? bodyOf(this.#source)
    void body?.cancel(reason === LEFT ? undefined : reason).catch(() => {})
  }

  /** Throws why it is over, where it is. */
  goOn(): void {
    this.#over.signal.throwIfAborted()
  }

  /** What comes of a promise, where it comes before the end. */
  wait<Value>(promise: Promise<Value>): Promise<Value> {
    const { signal } = this.#over
    return new Promise((resolve, reject) => {
      const end = () => reject(signal.reason as Error)
      signal.addEventListener('abort', end)
      void promise.then(resolve, reject).then(() => signal.removeEventListener('abort', end))
    })
  }

  async *chunks(): AsyncGenerator<Uint8Array, undefined, undefined> {
    const source = this.#source
    this.goOn()
    if ('ok' in source && !source.ok) throw refused(source)
    const reader = bodyOf(source)?.getReader()
    if (reader === undefined) return
    this.#reader = reader
    for (;;) {
      this.goOn()
      // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
      const { done, value } = await this.wait(reader.read()).catch((cause: unknown) => {
        // Who aborts the request aborts its body: that is no break.
        this.goOn()
        throw brokeOff(cause)
      })
      if (done) return
      yield value
    }
  }
}

function bodyOf(source: Response | ReadableStream<Uint8Array>): ReadableStream<Uint8Array> | null {
  return 'getReader' in source ? source : source.body
}

function refused({ status }: Response): StreamError {
  const message = `Cannot read the stream: the server answered with status ${status}.`
  return new StreamError('status', message, { status })
}

function brokeOff(cause: unknown): StreamError {
  return failure('network', 'Cannot read on: the response broke off.', { cause }, 'request')
}

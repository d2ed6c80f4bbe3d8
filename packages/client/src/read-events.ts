import { checkDecoders, checkMaxEventSize } from '#development'
import { StreamError } from './errors.ts'
import type { RawEvent } from './event.ts'
import { DecodeFailure, Decoding } from './stream/decode.ts'
import { decoderIn } from './stream/decoders.ts'
import type { EventMap, EventOf, EventsOf, NoMap } from './stream/stream.ts'
import { tooLarge } from './stream/too-large.ts'
import { chunkReader } from './transport/chunk-reader.ts'

export interface ReadEventsOptions<Map extends EventMap = NoMap> {
  /** A decoder for each event type; without it every payload is a string. */
  readonly events?: Map | undefined
  /** Ends the reading with its reason when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** Whether an event is the last. */
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
 * and of a payload that does not decode (`decode`). Leaving the loop cancels the body.
 *
 * @example
 * const response = await fetch('/chat', { method: 'POST', body: question, signal })
 * for await (const { data } of readEvents(response, { events: { message: json<{ token: string }>() } })) {
 *   answer.append(data.token)
 * }
 */
export async function* readEvents<Map extends EventMap = NoMap>(
  source: Response | ReadableStream<Uint8Array>,
  options: ReadEventsOptions<Map> = {},
): AsyncGenerator<EventOf<EventsOf<Map>, '*'>, undefined, undefined> {
  const { events, signal, doneWhen, onError, maxEventSize } = options
  checkDecoders(events)
  checkMaxEventSize(maxEventSize)
  const tell = (error: StreamError) => {
    if (onError === undefined) throw error
    onError(error)
  }
  for await (const raw of rawEvents(bodyOf(source), options, tell)) {
    const isLast = doneWhen?.(raw) ?? false
    const decoded = await new Decoding(raw, undefined, isLast).by(decoderIn(events, raw.type))
    signal?.throwIfAborted()
    if (!(decoded instanceof DecodeFailure)) yield decoded as EventOf<EventsOf<Map>, '*'>
    else if (!decoded.excused) tell(decoded.error)
    if (isLast) return
  }
}

function bodyOf(source: Response | ReadableStream<Uint8Array>): ReadableStream<Uint8Array> | null {
  if (source instanceof ReadableStream) return source
  if (source.ok) return source.body
  throw new StreamError(
    'status',
    `Cannot read events: the server answered with status ${source.status}.`,
    { status: source.status },
  )
}

async function* rawEvents(
  body: ReadableStream<Uint8Array> | null,
  { signal, maxEventSize }: Omit<ReadEventsOptions, 'events'>,
  tell: (error: StreamError) => void,
): AsyncGenerator<RawEvent, undefined, undefined> {
  signal?.throwIfAborted()
  if (body === null) return
  const reader = body.getReader()
  // What is under way ends with it, and says why below.
  const abort = () => void reader.cancel(signal?.reason).catch(() => {})
  signal?.addEventListener('abort', abort)
  let heard: (RawEvent | StreamError)[] = []
  const take = chunkReader({
    lastEventId: '',
    maxEventSize,
    sink: {
      receive: (events) => heard.push(...events),
      skipped: (size) => heard.push(tooLarge(size)),
      active: () => {},
      retry: () => {},
    },
  })
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
      const { done, value } = await reader.read().catch(brokeOff)
      signal?.throwIfAborted()
      if (done) return
      take(value)
      const chunk = heard
      heard = []
      for (const one of chunk) {
        if (one instanceof StreamError) tell(one)
        else yield one
      }
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    void reader.cancel().catch(() => {})
  }
}

function brokeOff(cause: unknown): never {
  throw new StreamError('network', 'Cannot read on: the response broke off. See error.cause.', {
    cause,
  })
}

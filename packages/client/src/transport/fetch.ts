import { checkMaxEventSize } from '#development'
import { chunkReader } from './chunk-reader.ts'
import { failedLink } from './failed-link.ts'
import type { Link, Outcome, Transport, TransportRequest, TransportSink } from './transport.ts'

/**
 * How `fetchTransport` fetches.
 *
 * @example
 * eventStream('/events', { transport: fetchTransport({ fetch: myFetch, maxEventSize: 65_536 }) })
 */
export interface FetchTransportOptions {
  /**
   * The `fetch` to call. Defaults to the global one, looked up at each attempt.
   *
   * @example
   * fetchTransport({ fetch: (url, init) => fetch(url, { ...init, priority: 'low' }) })
   */
  readonly fetch?: typeof globalThis.fetch | undefined
  /**
   * The largest event that is read, in characters: those of its lines, field names included, line ends and comments
   * aside. A larger one is left out, and its `id` still moves the cursor. Defaults to `1_048_576`; `Infinity` takes
   * every event, however much memory it costs.
   *
   * @example
   * fetchTransport({ maxEventSize: 16 * 1_024 * 1_024 })
   */
  readonly maxEventSize?: number | undefined
}

/**
 * Streams over `fetch`: statuses, headers and any method; all events of a network chunk arrive together.
 *
 * @throws {StreamError} `invalid-argument` where `maxEventSize` is not a number above 0.
 *
 * @example
 * eventStream('/events', { transport: fetchTransport() })
 */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  const { maxEventSize } = options
  checkMaxEventSize(maxEventSize)
  return {
    hearsEveryType: true,
    connect: (request, sink) => {
      const fetch = options.fetch ?? (globalThis as Partial<typeof globalThis>).fetch
      if (fetch === undefined) return failedLink(sink, { kind: 'unsupported', need: 'fetch' })
      const controller = new AbortController()
      // An aborted attempt is silent, whatever its promises still do: each runtime rejects differently.
      let over = false
      void run(request, { fetch, maxEventSize, controller, sink, over: () => over })
      return {
        close: () => {
          over = true
          controller.abort()
        },
        listen: () => {},
      } satisfies Link
    },
  }
}

interface Attempt {
  readonly fetch: typeof globalThis.fetch
  readonly maxEventSize: number | undefined
  readonly controller: AbortController
  readonly sink: TransportSink
  /** Whether the sink is to hear nothing more. */
  readonly over: () => boolean
}

async function run(request: TransportRequest, attempt: Attempt): Promise<void> {
  const { controller, sink, over } = attempt
  const close = (outcome: Outcome) => {
    if (!over()) sink.close(outcome)
  }
  try {
    const response = await ask(request, attempt)
    const refusal = refusalOf(response)
    if (refusal === undefined) {
      if (!over()) sink.open()
      if (response.body !== null) await read(response.body, request.lastEventId, attempt)
      close({ kind: 'end' })
    } else {
      close(refusal)
      // How a body that nobody wants ends is nobody's news.
      await discard(response, controller).catch(() => {})
    }
  } catch (cause) {
    close({ kind: 'network', cause })
    controller.abort()
  }
}

/** A promise, whatever the `fetch` does: nothing is told before `connect` has returned. */
async function ask(
  { url, method, body, credentials, lastEventId, ...request }: TransportRequest,
  { fetch, controller }: Attempt,
): Promise<Response> {
  const headers = new Headers(request.headers)
  if (!headers.has('accept')) headers.set('accept', 'text/event-stream')
  if (lastEventId !== '') headers.set('last-event-id', encodeHeader(lastEventId))
  const { signal } = controller
  return fetch(url, { method, headers, body: body ?? null, credentials, cache: 'no-store', signal })
}

/** WHATWG HTML, 9.2.3: "Last-Event-ID" is "lastEventIDValue, encoded as UTF-8"; `fetch` takes a byte per character. */
function encodeHeader(id: string): string {
  return String.fromCharCode(...new TextEncoder().encode(id))
}

/** Why there is no stream to read; `undefined` where there is one. */
function refusalOf(response: Response): Outcome | undefined {
  if (response.status === 204) return { kind: 'no-content' }
  if (response.status !== 200) {
    const retryAfter = response.headers.get('retry-after') ?? undefined
    return { kind: 'status', status: response.status, retryAfter }
  }
  const contentType = response.headers.get('content-type') ?? ''
  if (!/^\s*text\/event-stream\s*(;|$)/i.test(contentType)) {
    return { kind: 'content-type', contentType }
  }
  // React Native's `fetch`, for one, gives a body only when it is complete.
  if (response.body === undefined) return { kind: 'unsupported', need: 'ReadableStream' }
  return undefined
}

async function read(
  body: ReadableStream<Uint8Array>,
  lastEventId: string,
  attempt: Attempt,
): Promise<void> {
  const { over } = attempt
  const reader = body.getReader()
  const take = chunkReader({ lastEventId, ...attempt })
  while (!over()) {
    // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
    const { done, value } = await reader.read()
    if (done) return
    take(value)
  }
  // Only a `fetch` of the user's own that does not know signals comes here.
  await reader.cancel()
}

/** The bytes of a refusal that are worth reading. */
const SHORT = 65_536

/**
 * Cuts off what nobody wants, because a body left unread keeps its connection. One that says how short it is may end by
 * itself: so the browser's tools can show it, and its connection serves again.
 */
async function discard(response: Response, controller: AbortController): Promise<void> {
  const length = Number(response.headers.get('content-length') ?? Infinity)
  if (length <= SHORT) {
    await response.arrayBuffer()
    return
  }
  // Before it is cut off, because a body without a reader is cancelled by happy-dom, which then cannot bear its end.
  const reader = response.body?.getReader()
  controller.abort()
  // Only a `fetch` of the user's own that does not know signals goes on after this.
  await reader?.read()
  await reader?.cancel()
}

import { createParser } from 'eventsource-parser'
import type { RawEvent } from '../event.ts'
import type { Link, Transport, TransportRequest, TransportSink } from './transport.ts'

export interface FetchTransportOptions {
  /** The `fetch` to call. Defaults to the global one, looked up at each attempt. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Streams over `fetch`: statuses, headers and any method; all events of a network chunk arrive together.
 *
 * @example
 * eventStream('/events', { transport: fetchTransport() })
 */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  return {
    hearsEveryType: true,
    connect: (request, sink) => {
      const attempt = new AbortController()
      void run(request, {
        fetch: options.fetch ?? globalThis.fetch,
        signal: attempt.signal,
        // An aborted attempt is silent, whatever its promises still do: each runtime rejects differently.
        sink: silencedBy(attempt.signal, sink),
      })
      return {
        close: () => {
          attempt.abort()
        },
        listen: () => {},
      } satisfies Link
    },
  }
}

interface Attempt {
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  readonly sink: TransportSink
}

async function run(request: TransportRequest, { fetch, signal, sink }: Attempt): Promise<void> {
  try {
    const response = await fetch(request.url, requestInit(request, signal))
    if (isEventStream(response, sink)) {
      sink.open()
      await read(response, { request, signal, sink })
      sink.close({ kind: 'end' })
    } else {
      // How a body that nobody wants ends is nobody's news.
      await discard(response).catch(() => {})
    }
  } catch (cause) {
    sink.close({ kind: 'network', cause })
  }
}

function requestInit(request: TransportRequest, signal: AbortSignal): RequestInit {
  const headers = new Headers(request.headers)
  if (!headers.has('accept')) headers.set('accept', 'text/event-stream')
  if (request.lastEventId !== '') headers.set('last-event-id', encodeHeader(request.lastEventId))
  return {
    method: request.method,
    headers,
    credentials: request.credentials,
    cache: 'no-store',
    signal,
    ...(request.body !== undefined && { body: request.body }),
  }
}

/** WHATWG HTML, 9.2.3: "Last-Event-ID" is "lastEventIDValue, encoded as UTF-8"; `fetch` takes a byte per character. */
function encodeHeader(id: string): string {
  return Array.from(new TextEncoder().encode(id), (byte) => String.fromCharCode(byte)).join('')
}

function isEventStream(response: Response, sink: TransportSink): boolean {
  const contentType = response.headers.get('content-type') ?? ''
  if (response.status === 204) {
    sink.close({ kind: 'no-content' })
  } else if (response.status !== 200) {
    const retryAfter = response.headers.get('retry-after') ?? undefined
    sink.close({ kind: 'status', status: response.status, retryAfter })
  } else if (!/^\s*text\/event-stream\s*(;|$)/i.test(contentType)) {
    sink.close({ kind: 'content-type', contentType })
  } else {
    return true
  }
  return false
}

interface Reading {
  readonly request: TransportRequest
  readonly signal: AbortSignal
  readonly sink: TransportSink
}

async function read(response: Response, { request, signal, sink }: Reading): Promise<void> {
  if (response.body === null) return
  const reader = response.body.getReader()
  // The parser strips the byte order mark; a decoder that does it too would eat a second one.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let lastEventId = request.lastEventId
  let moved = false
  let events: RawEvent[] = []
  const parser = createParser({
    onId: (id) => {
      lastEventId = id
      moved = true
    },
    onEvent: ({ event, data, id }) => {
      events.push({ type: event ?? 'message', data, lastEventId, id })
    },
    onRetry: (delay) => {
      sink.retry(delay)
    },
  })
  while (!signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
    const { done, value } = await reader.read()
    if (done) return
    parser.feed(decoder.decode(value, { stream: true }))
    if (events.length === 0 && !moved) continue
    const chunk = events
    events = []
    moved = false
    sink.receive(chunk, lastEventId)
  }
  // Only a `fetch` of the user's own that does not know signals comes here.
  await reader.cancel()
}

/** The chunks of a refusal that are read, to have it end by itself, before it is cut off. */
const REFUSAL_CHUNKS = 16

/** Reads what nobody wants, because a body left unread keeps its connection. */
async function discard(response: Response): Promise<void> {
  const reader = response.body?.getReader()
  for (let chunk = 0; chunk < REFUSAL_CHUNKS; chunk += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a body is read one chunk after the other
    const read = await reader?.read()
    if (read === undefined || read.done) return
  }
  await reader?.cancel()
}

function silencedBy(signal: AbortSignal, sink: TransportSink): TransportSink {
  const unless =
    <Arguments extends unknown[]>(tell: (...args: Arguments) => void) =>
    (...args: Arguments) => {
      if (!signal.aborted) tell(...args)
    }
  return {
    open: unless(sink.open),
    receive: unless(sink.receive),
    active: unless(sink.active),
    skipped: unless(sink.skipped),
    retry: unless(sink.retry),
    interrupted: unless(sink.interrupted),
    close: unless(sink.close),
  }
}

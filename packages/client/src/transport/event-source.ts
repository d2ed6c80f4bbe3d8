import { failedLink } from './failed-link.ts'
import type { Link, Transport, TransportRequest, TransportSink } from './transport.ts'

/**
 * What Millrace needs of an `EventSource` class.
 *
 * @example
 * import { EventSource } from 'eventsource' // Node has none of its own
 * createPool({ EventSource: EventSource satisfies EventSourceClass })
 */
export type EventSourceClass = new (
  url: string,
  init?: { withCredentials?: boolean },
) => EventTarget & { readonly readyState: number; close(): void }

/**
 * How `eventSourceTransport` connects.
 *
 * @example
 * eventStream('/events', { transport: eventSourceTransport({ EventSource: MyEventSource }) })
 */
export interface EventSourceTransportOptions {
  /**
   * The class to use. Defaults to the global one, looked up at each attempt.
   *
   * @example
   * import { EventSource } from 'eventsource' // Node has none of its own
   * eventSourceTransport({ EventSource })
   */
  readonly EventSource?: EventSourceClass | undefined
}

const CLOSED = 2

/**
 * Streams over the browser's own `EventSource`: seen in its EventStream panel, and needing no CORS preflight.
 *
 * It hears declared event types only, reconnects by itself, and tells no status.
 *
 * @example
 * eventStream('https://elsewhere.example/events', { transport: eventSourceTransport() })
 */
export function eventSourceTransport(options: EventSourceTransportOptions = {}): Transport {
  return {
    hearsEveryType: false,
    connect: (request, sink, types) => {
      const EventSourceOfAttempt =
        options.EventSource ?? (globalThis as { EventSource?: EventSourceClass }).EventSource
      if (EventSourceOfAttempt === undefined) {
        return failedLink(sink, { kind: 'unsupported', need: 'EventSource' })
      }
      let source
      try {
        source = new EventSourceOfAttempt(urlWithCursor(request), {
          withCredentials: request.credentials === 'include',
        })
      } catch (cause) {
        return failedLink(sink, { kind: 'network', cause })
      }
      return follow(source, { request, sink, types })
    },
  }
}

/** A new `EventSource` starts without a cursor and takes no headers: the query is the only way in. */
function urlWithCursor(request: TransportRequest): string {
  if (request.lastEventId === '') return request.url
  const url = new URL(request.url)
  url.searchParams.set(request.lastEventIdParam, request.lastEventId)
  return url.href
}

interface Following {
  readonly request: TransportRequest
  readonly sink: TransportSink
  readonly types: Iterable<string>
}

function follow(source: InstanceType<EventSourceClass>, { request, sink, types }: Following): Link {
  const heard = new Set<string>()
  let received = ''
  let lastEventId = request.lastEventId
  let closed = false

  function onMessage(type: string, { data, lastEventId: running }: MessageEvent<string>): void {
    // Only the running id is visible here: an event is taken to carry its own where that has changed. A new
    // `EventSource` knows nothing of the cursor in the query, and so starts at an empty one.
    const own = running === received ? undefined : running
    received = running
    lastEventId = own ?? lastEventId
    if (!closed) sink.active(data.length, false)
    if (!closed) sink.receive([{ type, data, lastEventId, id: own }], lastEventId)
  }
  // A server may name an event `open` or `error`: those arrive as messages under the same name as the signals.
  function onSignal(type: 'open' | 'error', tell: () => void): void {
    source.addEventListener(type, (event) => {
      if (!closed && !isMessage(event)) tell()
    })
  }
  function listen(wanted: Iterable<string>): void {
    for (const type of wanted) {
      if (heard.has(type)) continue
      heard.add(type)
      const isSignal = type === 'open' || type === 'error'
      source.addEventListener(type, (event) => {
        if (!isSignal || isMessage(event)) onMessage(type, event as MessageEvent<string>)
      })
    }
  }

  onSignal('open', () => {
    sink.active(0, false)
    if (!closed) sink.open()
  })
  onSignal('error', () => {
    if (source.readyState !== CLOSED) return sink.interrupted()
    closed = true
    sink.close({ kind: 'unknown' })
  })
  listen(types)
  return {
    listen,
    close: () => {
      closed = true
      source.close()
    },
  }
}

function isMessage(event: Event): event is MessageEvent<string> {
  return 'data' in event && 'lastEventId' in event
}

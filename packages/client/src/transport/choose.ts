import type { EventSourceClass } from './event-source.ts'
import type { Transport } from './transport.ts'

/** What the choice of a transport depends on. */
export interface TransportChoice {
  readonly transport: 'auto' | 'fetch' | 'event-source' | Transport
  readonly once: boolean
  readonly headers?: unknown
  readonly body?: unknown
  readonly fetch?: unknown
  readonly EventSource?: EventSourceClass | undefined
  readonly channels?: { readonly cursorParam?: boolean | undefined } | undefined
}

/**
 * Which transport `'auto'` means: `EventSource` for a plain cross-origin GET, because the browser resumes it without
 * a CORS preflight; `fetch` for everything else, because it costs less and tells more.
 */
export function chooseTransport(
  url: URL | undefined,
  { transport, once, headers, body, fetch, EventSource, channels }: TransportChoice,
): 'fetch' | 'event-source' | Transport {
  if (transport !== 'auto') return transport
  const page: Partial<typeof globalThis> = globalThis
  const crossOrigin = url && page.location && url.origin !== page.location.origin
  // What it could not do: headers, a body, a `fetch`, or a cursor that the query cannot carry.
  const plain = !once && (headers ?? body ?? fetch) === undefined && channels?.cursorParam !== false
  return crossOrigin && plain && (EventSource ?? page.EventSource) ? 'event-source' : 'fetch'
}

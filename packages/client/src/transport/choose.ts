/** What the choice of a transport depends on. */
export interface TransportChoice {
  readonly url: URL
  /** The page's origin; `undefined` outside a page. */
  readonly origin: string | undefined
  readonly method: string
  /** Whether `EventSource` could not do it: there are headers, a body, a `fetch`, or a cursor that the query cannot carry. */
  readonly custom: boolean
  readonly hasEventSource: boolean
}

/**
 * Which transport `'auto'` means: `EventSource` for a plain cross-origin GET, because the browser resumes it without
 * a CORS preflight; `fetch` for everything else, because it costs less and tells more.
 */
export function chooseTransport(choice: TransportChoice): 'fetch' | 'event-source' {
  const crossOrigin = choice.origin !== undefined && choice.url.origin !== choice.origin
  const plain = choice.method === 'GET' && !choice.custom
  return crossOrigin && plain && choice.hasEventSource ? 'event-source' : 'fetch'
}

/** How the next connections are met. */
export type Behaviour =
  | { readonly kind: 'accept' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'stall' }

/**
 * The answer to a connection that gets no stream.
 *
 * @example
 * events.refuse({ status: 503, headers: { 'retry-after': '2' } })
 */
export interface Refusal {
  /** The HTTP status. */
  readonly status: number
  /** Headers such as `retry-after`. Defaults to none. */
  readonly headers?: HeadersInit
  /** Defaults to an empty body. */
  readonly body?: string
}

/** The response of a refusal. */
export function refuse({ status, headers = {}, body }: Refusal): Response {
  const empty = status === 204 || status === 304
  return new Response(empty ? null : (body ?? ''), { status, headers })
}

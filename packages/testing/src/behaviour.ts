import { invalid, shown } from './argument.ts'

/** How a connection is met. */
export type Behaviour =
  | { readonly kind: 'accept' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'withhold' }

/**
 * The answer to a connection that gets no stream.
 *
 * @example
 * events.refuse({ status: 503, headers: { 'retry-after': '2' } })
 */
export interface Refusal {
  /** The HTTP status, from 200 to 599. */
  readonly status: number
  /** Headers such as `retry-after`, `location` or `content-type`. Defaults to none. */
  readonly headers?: NonNullable<ResponseInit['headers']>
  /** Defaults to an empty body. */
  readonly body?: string
}

/** Gives the refusal back; throws where HTTP cannot carry it. */
export function checkRefusal(refusal: Refusal): Refusal {
  const given: unknown = refusal
  if (typeof given !== 'object' || given === null || typeof refusal.status !== 'number') {
    throw invalid(`refuse with ${shown(given)}`, 'it has no status', 'give { status: 503 }')
  }
  try {
    refuse(refusal)
    return refusal
  } catch (cause) {
    throw invalid(
      `refuse with status ${refusal.status}`,
      `it makes no response (${String(cause)})`,
      'give a status from 200 to 599, and headers of one line each',
    )
  }
}

// The statuses that have no body (Fetch, 2.2.3 "Statuses").
const NULL_BODY = new Set([204, 205, 304])

/** The response of a refusal. */
export function refuse({ status, headers = {}, body }: Refusal): Response {
  return new Response(NULL_BODY.has(status) ? null : (body ?? ''), { status, headers })
}

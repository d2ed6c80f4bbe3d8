import { EventServerError } from './error.ts'

/**
 * Who may connect from another origin.
 *
 * @example
 * createEventServer({ cors: { origin: 'https://app.example', credentials: true } })
 */
export interface CorsOptions {
  /** The origins, or a test of one. Defaults to any. */
  readonly origin?: string | readonly string[] | ((origin: string) => boolean)
  /** Whether cookies may come along, from origins that are named. Defaults to false. */
  readonly credentials?: boolean
  /** Request headers allowed besides `Last-Event-ID`. */
  readonly headers?: readonly string[]
}

/** What the option `cors` says; throws on what would let every site in with its visitors' cookies. */
export function corsOf(option: CorsOptions | boolean | undefined): CorsOptions | undefined {
  const cors = option === true ? {} : option || undefined
  if (cors?.credentials && (cors.origin === undefined || cors.origin === '*')) {
    throw new EventServerError(
      'invalid-option',
      'Cannot allow credentials from any origin: every site could read the streams of its visitors. Name the origins.',
    )
  }
  return cors
}

/** The CORS headers of a response to this request; none where its origin is not allowed. */
export function corsHeaders(request: Request, cors: CorsOptions): Record<string, string> {
  const origin = request.headers.get('origin')
  if (origin === null || !allows(cors.origin, origin)) return { vary: 'Origin' }
  const open = cors.origin === undefined && !cors.credentials
  return {
    'access-control-allow-origin': open ? '*' : origin,
    'access-control-expose-headers': 'Retry-After',
    ...(cors.credentials && { 'access-control-allow-credentials': 'true' }),
    ...(!open && { vary: 'Origin' }),
  }
}

/** The answer to a preflight, `undefined` where the request is none. */
export function preflight(
  request: Request,
  cors: CorsOptions,
  headers: Record<string, string>,
): Response | undefined {
  if (request.method !== 'OPTIONS') return undefined
  if (!request.headers.has('access-control-request-method')) return undefined
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': ['Last-Event-ID', ...(cors.headers ?? [])].join(', '),
      'access-control-max-age': '600',
    },
  })
}

function allows(allowed: CorsOptions['origin'], origin: string): boolean {
  if (allowed === undefined || allowed === '*') return true
  if (typeof allowed === 'function') return allowed(origin)
  return typeof allowed === 'string' ? allowed === origin : allowed.includes(origin)
}

/** The response with these headers besides its own. */
export function withHeaders(response: Response, headers: Record<string, string>): Response {
  if (response.type === 'error' || Object.keys(headers).length === 0) return response
  // The headers of `Response.redirect` and of `fetch` cannot be changed.
  const changed = new Response(response.body, response)
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary') changed.headers.append(name, value)
    else changed.headers.set(name, value)
  }
  return changed
}

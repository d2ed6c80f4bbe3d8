import { EventServerError } from './error.ts'

/**
 * Who may connect from another origin.
 *
 * @example
 * createEventServer({ cors: { origin: 'https://app.example', credentials: true } })
 */
export interface CorsOptions {
  /** The origins, as browsers write them, or a test of one. Defaults to `'*'`: any. */
  readonly origin?: string | readonly string[] | ((origin: string) => boolean)
  /** Whether cookies may come along, from origins that are named. Defaults to false. */
  readonly credentials?: boolean
  /** Request headers allowed besides `Last-Event-ID`. Defaults to none. */
  readonly headers?: readonly string[]
}

/**
 * What the option `cors` says; throws on what would let every site in with its visitors' cookies, and on what no browser
 * calls itself.
 */
export function corsOf(option: CorsOptions | boolean | undefined): CorsOptions | undefined {
  const cors = option === true ? {} : option || undefined
  if (!cors) return undefined
  if (cors.credentials && isOpen(cors)) {
    throw new EventServerError(
      'invalid-option',
      'Cannot allow credentials from any origin: every site could read the streams of its visitors. Name the origins.',
    )
  }
  for (const origin of namesOf(cors)) checkOrigin(origin)
  return cors
}

function isOpen({ origin }: CorsOptions): boolean {
  return origin === undefined || origin === '*'
}

function namesOf({ origin = '*' }: CorsOptions): readonly string[] {
  if (typeof origin === 'function' || origin === '*') return []
  return typeof origin === 'string' ? [origin] : origin
}

// RFC 6454, 6.2 "ASCII Serialization of an Origin": scheme, host and port, in small letters, and nothing after them.
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#@]+$/

function checkOrigin(origin: string): void {
  const href = ORIGIN.test(origin) && URL.canParse(origin) && new URL(origin).href
  if (href === origin || href === `${origin}/`) return
  throw new EventServerError(
    'invalid-option',
    `Cannot let ${JSON.stringify(origin)} in: it is no origin, as browsers write them. Name it like 'https://app.example', or give a function.`,
  )
}

/** The CORS headers of a response to this request; none where its origin is not allowed. */
export function corsHeaders(request: Request, cors: CorsOptions): Record<string, string> {
  const exposed = { 'access-control-expose-headers': 'Retry-After' }
  if (isOpen(cors)) return { 'access-control-allow-origin': '*', ...exposed }
  const origin = request.headers.get('origin')
  if (origin === null || !allows(cors, origin)) return { vary: 'Origin' }
  return {
    'access-control-allow-origin': origin,
    ...exposed,
    ...(cors.credentials && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin',
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

function allows(cors: CorsOptions, origin: string): boolean {
  if (typeof cors.origin !== 'function') return namesOf(cors).includes(origin)
  // A promise, of an `async` function, is no yes.
  const verdict: unknown = cors.origin(origin)
  return verdict === true
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

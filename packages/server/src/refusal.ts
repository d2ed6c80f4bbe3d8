// In characters.
const MAX_QUOTED = 100

/** Why a request gets no stream. */
export interface Refusal {
  readonly status: number
  /** What cannot be, why, and what to do. */
  readonly because: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The headers of every refusal: its text names what was asked for, and is never to be taken for a page. */
export const REFUSAL_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** A response that says in its body why there is no stream. */
export function refuse({ status, because, headers }: Refusal): Response {
  return new Response(`${because}\n`, { status, headers: { ...REFUSAL_HEADERS, ...headers } })
}

/** Whole seconds, as `Retry-After` wants them, of a number of milliseconds. */
export function retryAfter(milliseconds: number): Readonly<Record<string, string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(milliseconds / 1000))) }
}

/** The refusal of a request that does not ask for an event stream in the one way there is, else `undefined`. */
export function wrongRequest(request: Request): Refusal | undefined {
  if (request.method !== 'GET') {
    return {
      status: 405,
      because: `Cannot ${request.method} an event stream: it is only read. Send a GET.`,
      headers: { allow: 'GET' },
    }
  }
  const accept = request.headers.get('accept')
  if (accept && !acceptsEventStream(accept)) {
    return {
      status: 406,
      because: `Cannot answer with ${quoted(accept)}: there is text/event-stream only. Accept that.`,
    }
  }
  return undefined
}

/** What a client has written, as it may be repeated to it: in one line, and not at any length. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text)
}

// RFC 9110, 12.5.1 "Accept": the most specific range decides, and a weight of 0 means "not acceptable".
function acceptsEventStream(accept: string): boolean {
  const weights = new Map<string, number>()
  for (const part of accept.toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(range, weight === undefined ? 1 : Number(weight.slice(2)))
  }
  const weight = weights.get('text/event-stream') ?? weights.get('text/*') ?? weights.get('*/*')
  return weight !== undefined && weight !== 0
}

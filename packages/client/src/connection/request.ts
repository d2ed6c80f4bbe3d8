import { StreamError } from '../errors.ts'
import type { TransportRequest } from '../transport/transport.ts'

/** A value, or a function that is asked for it at each attempt. */
export type PerAttempt<Value> = Value | (() => Value | Promise<Value>)

/** What, beside its URL, decides which connection a stream is. */
export interface RequestOptions {
  /** Defaults to `GET`. */
  readonly method?: string | undefined
  /** Headers, or a function called at each attempt, so that tokens are fresh. */
  readonly headers?: PerAttempt<Readonly<Record<string, string>>> | undefined
  readonly body?: BodyInit | undefined
  /** Defaults to `same-origin`. */
  readonly credentials?: RequestCredentials | undefined
  /** `true` is `credentials: 'include'`, in the words of `EventSource`. */
  readonly withCredentials?: boolean | undefined
  /** Whose stream it is (a user's id, say), where `headers` is a function: part of what is shared. */
  readonly key?: string | undefined
  /** The query parameter that carries the cursor where a header cannot. Defaults to `lastEventId`. */
  readonly lastEventIdParam?: string | undefined
}

/** The URL in full. */
export function absoluteUrl(url: string | URL): URL {
  const { document, location } = globalThis as { document?: Document; location?: Location }
  // A page opened as `about:blank` has a base that is none.
  const base = document?.baseURI ?? location?.href
  try {
    return new URL(url, base)
  } catch (cause) {
    throw new StreamError(
      'invalid-argument',
      `Cannot open ${String(url)}: ${base === undefined ? 'there is no page here to be relative to' : 'it is not a URL'}. Pass an absolute URL.`,
      { cause },
    )
  }
}

/** Equal strings are one connection; event types never enter. */
export function requestKey(url: URL, options: RequestOptions): string {
  const { headers, body } = options
  return JSON.stringify([
    withoutFragment(url),
    methodOf(options),
    credentialsOf(options),
    // A function is "present": the newest holder's is the one that is called.
    typeof headers === 'function' ? true : sorted(lowerCased(headers)),
    typeof body === 'string' || body === undefined ? body : identity(body),
    options.lastEventIdParam,
    options.key,
  ])
}

/** The request of one attempt. */
export function resolveRequest(
  url: URL,
  options: RequestOptions,
  lastEventId: string,
): TransportRequest | Promise<TransportRequest> {
  const { headers } = options
  const complete = (resolved: Readonly<Record<string, string>> | undefined): TransportRequest => ({
    url: withoutFragment(url),
    method: methodOf(options),
    headers: lowerCased(resolved),
    body: options.body,
    credentials: credentialsOf(options),
    lastEventId,
    lastEventIdParam: options.lastEventIdParam ?? 'lastEventId',
  })
  if (typeof headers !== 'function') return complete(headers)
  return Promise.resolve(headers()).then(complete)
}

export function methodOf(options: RequestOptions): string {
  return (options.method ?? 'GET').toUpperCase()
}

function credentialsOf(options: RequestOptions): RequestCredentials {
  return options.credentials ?? (options.withCredentials ? 'include' : 'same-origin')
}

function withoutFragment(url: URL): string {
  const copy = new URL(url)
  copy.hash = ''
  return copy.href
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function sorted(headers: Record<string, string>): [string, string][] {
  return Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

const identities = new WeakMap<object, number>()
let lastIdentity = 0

/** Bodies that can only be read, not compared, count as themselves. */
function identity(body: object): number {
  const known = identities.get(body)
  if (known !== undefined) return known
  lastIdentity += 1
  identities.set(body, lastIdentity)
  return lastIdentity
}

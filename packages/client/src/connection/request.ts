import { checkUrl } from '#development'
import { failure } from '../failure.ts'
import { knownIn } from '../known-in.ts'
import type { TransportRequest } from '../transport/transport.ts'
import type { AttemptContext } from './attempt.ts'
import { redacted } from './redacted.ts'

/**
 * A value, or a function that is asked for it at each attempt; one that fails, or takes longer than
 * `heartbeatTimeout`, is tried again like a network error.
 *
 * @example
 * const headers: PerAttempt<Record<string, string>> = async () => ({ authorization: await token() })
 * eventStream('/events', { headers })
 */
export type PerAttempt<Value> = Value | ((context: AttemptContext) => Value | Promise<Value>)

/**
 * Where a stream is: its URL, or a function that says it at each attempt.
 *
 * @example
 * eventStream(async () => `/events?ticket=${await ticket()}`, { key: user.id })
 */
export type StreamUrl = PerAttempt<string | URL>

/** Header names and values. */
type Plain = Readonly<Record<string, string>>

/**
 * What, beside its URL, decides which connection a stream is.
 *
 * @example
 * eventStream('/chat', { method: 'POST', body: question, credentials: 'include' })
 */
export interface RequestOptions {
  /** Defaults to `GET`. */
  readonly method?: string | undefined
  /**
   * Headers, or a function called at each attempt, so that tokens are fresh: a refusal (401, 403) asks it once more.
   * Defaults to none.
   *
   * @example
   * eventStream('/events', { headers: async ({ signal }) => ({ authorization: await token({ signal }) }) })
   */
  readonly headers?: PerAttempt<Plain> | undefined
  /** What is sent, as `fetch` takes it: for methods that carry something. Defaults to nothing. */
  readonly body?: NonNullable<RequestInit['body']> | undefined
  /** Defaults to `same-origin`. */
  readonly credentials?: NonNullable<RequestInit['credentials']> | undefined
  /** `true` is `credentials: 'include'`, in the words of `EventSource`. Defaults to `false`. */
  readonly withCredentials?: boolean | undefined
  /**
   * Whose stream it is (a user's id, say), where `url` or `headers` is a function: part of what is shared. Defaults to
   * none.
   */
  readonly key?: string | undefined
  /** The query parameter that carries the cursor where a header cannot. Defaults to `lastEventId`. */
  readonly lastEventIdParam?: string | undefined
}

/** The same with every default. */
export interface CompleteRequest extends RequestOptions {
  readonly method: string
  readonly credentials: NonNullable<RequestInit['credentials']>
  readonly lastEventIdParam: string
}

/** What relative URLs are relative to; a page opened as `about:blank` has a base that is none. */
function baseUrl(): string | undefined {
  const { document, location } = globalThis as { document?: Document; location?: Location }
  return document?.baseURI ?? location?.href
}

/** Whether a URL is relative where there is no page, as in a server render. */
export function lacksPage(url: StreamUrl): boolean {
  return typeof url !== 'function' && baseUrl() === undefined && !URL.canParse(url)
}

/** The URL in full, without its fragment: that is nothing to a server. */
export function absoluteUrl(url: string | URL): URL {
  checkUrl(url)
  const base = baseUrl()
  try {
    const full = new URL(url, base)
    full.hash = ''
    return full
  } catch {
    // Without the platform's own error, which has the URL with all its secrets.
    const because =
      base === undefined ? 'there is no page here to be relative to' : 'it is not a URL'
    throw failure(
      'invalid-argument',
      `Cannot open ${redacted(String(url))}: ${because}.`,
      {},
      'url',
    )
  }
}

/** Equal strings are one connection; event types never enter. */
export function requestKey(url: URL | undefined, options: CompleteRequest): string {
  const { method, credentials, headers, body, lastEventIdParam, key } = options
  return JSON.stringify([
    // A function is "present": the newest holder's is the one that is called.
    url === undefined || url.href,
    method,
    credentials,
    typeof headers === 'function' || plain(headers),
    // Equal bodies are one; what can only be read counts as itself.
    typeof body === 'object' && !(body instanceof URLSearchParams)
      ? identity(body)
      : body && String(body),
    lastEventIdParam,
    key,
  ])
}

/** What a request is made from. */
export interface RequestParts {
  readonly url: StreamUrl
  readonly options: CompleteRequest
  /** Puts into the URL what is read of it. */
  readonly place: (url: URL) => URL
}

/** The request of one attempt. */
export function resolveRequest(
  { url, options, place }: RequestParts,
  lastEventId: string,
  context: AttemptContext,
): TransportRequest | Promise<TransportRequest> {
  const { method, headers, body, credentials, lastEventIdParam } = options
  const complete = ([at, fields]: readonly [string | URL, Plain | undefined]) => ({
    url: place(absoluteUrl(at)).href,
    method,
    headers: plain(fields),
    body,
    credentials,
    lastEventId,
    lastEventIdParam,
  })
  if (typeof url !== 'function' && typeof headers !== 'function') return complete([url, headers])
  return Promise.all([ask(url, context), ask(headers, context)]).then(complete)
}

/** A function may throw as well as reject. */
async function ask<Value extends string | object | undefined>(
  value: PerAttempt<Value>,
  context: AttemptContext,
): Promise<Value> {
  return typeof value === 'function' ? value(context) : value
}

/** Headers with lower-case names, in order; a name or value that cannot be sent is an error. */
function plain(headers: Plain = {}): Record<string, string> {
  const checked = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    try {
      checked.append(name, value)
    } catch {
      // Neither the value nor the platform's own error, which has it: it may be a secret.
      throw failure(
        'invalid-argument',
        `Cannot send the header ${JSON.stringify(name)}: no header may have that name or value.`,
        {},
        'header',
      )
    }
  }
  return Object.fromEntries(checked)
}

const identities = new WeakMap<object, number>()
let lastIdentity = 0

/** A number for an object: the same for as long as it lives. */
export function identity(thing: object): number {
  return knownIn(identities, thing, () => (lastIdentity += 1))
}

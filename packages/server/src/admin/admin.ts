/// <reference lib="esnext.disposable" preserve="true" />
import { isResponse } from '../admission.ts'
import { addressOf } from '../address.ts'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { EventServerError } from '../error.ts'
import { Lobby } from '../lobby.ts'
import type { EventServerOptions } from '../options.ts'
import { refuse } from '../refusal.ts'
import { createReporter, failure } from '../reporter.ts'
import { isThenable } from '../thenable.ts'
import { createFeed } from './feed.ts'
import { pageResponse } from './page-response.ts'
import { statusOf } from './status.ts'
import type { Watched } from './status.ts'
import { viewOf } from './view.ts'

/**
 * Decides who sees the admin: `true` does, a `Response` refuses in its own way, whatever else is a 403.
 *
 * @example
 * const authorize: AuthorizeAdmin = (request) => request.headers.get('x-admin') === secret
 */
export type AuthorizeAdmin = (request: Request) => boolean | Response | Promise<boolean | Response>

/**
 * How an admin is mounted.
 *
 * @example
 * const options: AdminOptions = { authorize: isOperator, path: '/internal/streams' }
 */
export interface AdminOptions {
  /** Decides on every request. There is no default: `() => true` opens it to everyone who can reach it. */
  readonly authorize: AuthorizeAdmin
  /** Where it is. Defaults to `/admin`. */
  readonly path?: string
  /** Whatever goes wrong. Defaults to `console.error`. */
  readonly onError?: EventServerOptions['onError']
  /** Time. Defaults to the machine's. */
  readonly clock?: Clock
}

/**
 * The page that shows how a server stands (at `path`), the stream that feeds it (`events` below it) and the same as JSON
 * (`status.json`, with `?offset=`, `?limit=` and `?sort=` for the sessions).
 *
 * @example
 * const { sessions } = await (await admin.fetch(new Request('http://localhost/admin/status.json'))).json()
 */
export interface Admin extends AsyncDisposable {
  /** Answers what is asked at its path; a 404 elsewhere. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Ends the streams of the pages that are open; whoever waits for `authorize` is not let in. */
  readonly close: () => Promise<void>
}

/**
 * Makes the admin of an event server; nobody sees it until it is mounted, and then whom `authorize` lets in.
 *
 * @example
 * const admin = createAdmin(events, { authorize: (request) => isOperator(request) })
 * serve({ fetch: (request) => (isAdmin(request) ? admin.fetch(request) : events.fetch(request)) })
 */
export function createAdmin(watched: Watched, options: AdminOptions): Admin {
  requireAuthorize((options as AdminOptions | undefined)?.authorize)
  const { authorize, path = '/admin', onError, clock = systemClock } = options
  const base = `/${path.replace(/^\/+|\/+$/g, '')}`
  const { report } = createReporter(onError)
  const feed = createFeed({ watched, clock, onError })
  const lobby = new Lobby()

  async function answer(request: Request): Promise<Response> {
    const place = placeOf(request, base)
    if (place === undefined) return refuse({ status: 404, because: NOT_HERE })
    const refusal = await refusalOf(request)
    if (refusal) return refusal
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const because = `Cannot ${request.method} the admin: it is only read. Send a GET.`
      return refuse({ status: 405, because, headers: { allow: 'GET, HEAD' } })
    }
    if (place === '') return pageResponse()
    if (place === 'events') return feed.fetch(request)
    if (place !== 'status.json') return refuse({ status: 404, because: NOT_HERE })
    const view = viewOf(addressOf(request))
    return 'because' in view ? refuse(view) : json(statusOf(watched, view, clock.now()))
  }

  async function refusalOf(request: Request): Promise<Response | undefined> {
    try {
      const answer: unknown = authorize(request)
      const verdict = isThenable(answer) ? await lobby.wait(answer, request.signal) : answer
      if (verdict === true) return undefined
      // A forgotten `return` must not let anybody in.
      return isResponse(verdict) ? verdict : refuse({ status: 403, because: FORBIDDEN })
    } catch (cause) {
      if (isResponse(cause)) return cause
      const remedy = 'Catch it there, or give a Response'
      report(
        failure({ code: 'authorize-failed', what: 'authorize a look at the admin', remedy }, cause),
      )
      return refuse({ status: 500, because: FAILED })
    }
  }

  const close = (): Promise<void> => {
    lobby.clear()
    return feed.close()
  }
  return { fetch: answer, close, [Symbol.asyncDispose]: close }
}

const NOT_HERE =
  'Cannot answer: there is nothing of that name. Ask for the page, or for status.json.'
const FORBIDDEN = 'Cannot show the admin: you are not let in. Sign in as somebody who is.'
const FAILED = 'Cannot show the admin: the server failed. Try again later.'

function requireAuthorize(authorize: unknown): void {
  if (typeof authorize === 'function') return
  throw new EventServerError(
    'invalid-option',
    'Cannot make the admin: it says who is connected from where, and `authorize` does not say who may see that. Give a function; `() => true` lets everyone in.',
  )
}

// What stands after the base; `undefined` where the address is not below it.
function placeOf(request: Request, base: string): string | undefined {
  const { pathname } = addressOf(request)
  if (pathname === base) return ''
  const start = base === '/' ? base : `${base}/`
  return pathname.startsWith(start) ? pathname.slice(start.length) : undefined
}

function json(value: unknown): Response {
  return Response.json(value, {
    headers: {
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  })
}

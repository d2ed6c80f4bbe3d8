/** The header that says which client of this page a request is of. */
const HEADER = 'x-millrace-testing-client'
/** The query parameter that says it for an `EventSource`, which has no headers. */
const PARAM = 'millrace-testing-client'

/** The same request, saying whose it is. */
export function markRequest(request: Request, id: string): Request {
  const headers = new Headers(request.headers)
  headers.set(HEADER, id)
  return new Request(request, { headers })
}

/** The same address, saying whose it is. */
export function markUrl(address: URL, id: string): URL {
  const url = new URL(address)
  // By `searchParams`, the rest of the query would be written anew.
  url.search += `${url.search === '' ? '' : '&'}${PARAM}=${id}`
  return url
}

/** The same answer; where it leads on, so that the next request says whose it is, too. */
export function markLocation(
  response: Response,
  request: Request,
  isOurs: (url: string) => boolean,
): Response {
  const id = new URL(request.url).searchParams.get(PARAM)
  const location = response.headers.get('location')
  const target = location === null ? null : URL.parse(location, request.url)
  if (id !== null && target && isOurs(target.href)) {
    response.headers.set('location', markUrl(target, id).href)
  }
  return response
}

/** Whose a request is. */
export function markOf(request: Request): string | undefined {
  return request.headers.get(HEADER) ?? new URL(request.url).searchParams.get(PARAM) ?? undefined
}

/** The request as the client made it, and aborted when its client is gone. */
export function unmark(request: Request, gone: AbortSignal): Request {
  const signal = AbortSignal.any([request.signal, gone])
  const headers = new Headers(request.headers)
  headers.delete(HEADER)
  const url = new URL(request.url)
  if (!url.searchParams.has(PARAM)) return new Request(request, { headers, signal })
  url.search = url.search.replace(new RegExp(`[?&]${PARAM}=[^&]*`), '')
  return new Request(url, { headers, signal, credentials: request.credentials })
}

const NO_ANSWER = 'x-millrace-testing-unreachable'

/** An answer that says there is none: happy-dom writes a stack on its console for each failure, which no test can keep quiet. */
export function noAnswer(): Response {
  return new Response(null, { status: 204, headers: { [NO_ANSWER]: '1' } })
}

/** Whether an answer says that there is none. */
export function isNoAnswer({ headers }: Response): boolean {
  return headers.has(NO_ANSWER)
}

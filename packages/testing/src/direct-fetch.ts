import { pageUrl } from './address.ts'
import type { Matches } from './address.ts'
import type { Carrier } from './era.ts'
import { HarnessError } from './error.ts'
import type { Mount } from './mount.ts'

const directly: Carrier = { emptyStart: false, headers: {} }

// Fetch, 4.4 "HTTP-redirect fetch": "If request's redirect count is 20, then return a network error."
const MOST_REDIRECTS = 20
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** A `fetch` that reaches a mount without anything in between. */
export function createFetch<Data>(mount: Mount<Data>, matches: Matches): typeof fetch {
  return async (input, init) => {
    const target = input instanceof Request ? input : new URL(input, pageUrl()).href
    let request = new Request(target, init)
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      if (!matches(request.url)) {
        mount.astray = request.url
        throw wrongAddress(request.url)
      }
      const again = request.clone()
      // oxlint-disable-next-line no-await-in-loop -- one answer leads to the next request
      const response = await answerUnlessAborted(mount, request)
      const location = response.headers.get('location')
      const leads = REDIRECTS.has(response.status) && location !== null
      if (!leads || request.redirect === 'manual') return toldOf(response, request.url, hops > 0)
      if (request.redirect === 'error') break
      request = redirected(again, response.status, new URL(location, request.url).href)
    }
    throw new TypeError('fetch failed')
  }
}

async function answerUnlessAborted<Data>(mount: Mount<Data>, request: Request): Promise<Response> {
  const { signal } = request
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    const response = await Promise.race([mount.answer(request, directly), aborted.promise])
    signal.throwIfAborted()
    if (!response) throw new TypeError('fetch failed')
    return response
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

// As `fetch` does: 303, and 301 and 302 after a POST, make it a GET.
function redirected(request: Request, status: number, url: string): Request {
  const { method, headers, signal } = request
  const becomesGet = status === 303 || (status < 303 && method === 'POST')
  return becomesGet ? new Request(url, { headers, signal }) : new Request(url, request)
}

/** The response, with what only a real `fetch` can give it. */
function toldOf(response: Response, url: string, isRedirected: boolean): Response {
  return Object.defineProperties(response, {
    url: { value: url },
    redirected: { value: isRedirected },
  })
}

function wrongAddress(url: string): HarnessError {
  return new HarnessError(
    'wrong-address',
    `Cannot fetch ${url}: this fake answers at another address. Make a fake for it too, or pass this fetch to one stream only.`,
  )
}

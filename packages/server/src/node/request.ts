import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { Readable } from 'node:stream'
import type { Refusal } from '../refusal.ts'

/**
 * A request of `node:http` or of the compatibility API of `node:http2`.
 *
 * @example
 * const path = (request: NodeRequest) => request.url
 */
export type NodeRequest = IncomingMessage | Http2ServerRequest

type Chunk = Uint8Array<ArrayBuffer>

// Fetch, 2.2.1 "Methods": a `Request` cannot have these.
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK'])
// Whatever else it holds would become part of the path, the query or the user.
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?$/i

/** The `Request` of a request of Node, or why there is none. */
export function toRequest(request: NodeRequest, signal: AbortSignal): Request | Refusal {
  const method = request.method ?? 'GET'
  if (FORBIDDEN_METHODS.has(method.toUpperCase())) {
    return { status: 405, because: `Cannot answer a ${method}: it is not served. Send a GET.` }
  }
  const url = urlOf(request)
  if (!url) {
    const because = 'Cannot read the request: its address is malformed. Send a host and a path.'
    return { status: 400, because }
  }
  const headers = headersOf(request)
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal })
  // `duplex` is what Node wants of a streamed body, and not in the DOM's types.
  const body = bodyOf(request)
  const init: RequestInit & { duplex: 'half' } = { method, headers, signal, body, duplex: 'half' }
  return new Request(url, init)
}

// What nobody asks for is left with Node, which throws it away when the answer is out: a body that is begun and not
// read to its end would stand in the way of the connection's next request.
function bodyOf(request: NodeRequest): ReadableStream<Chunk> {
  let reader: ReadableStreamDefaultReader<Chunk> | undefined
  return new ReadableStream<Chunk>(
    {
      pull: async (controller) => {
        reader ??= (Readable.toWeb(request) as ReadableStream<Chunk>).getReader()
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

function urlOf(request: NodeRequest): URL | undefined {
  const scheme = 'encrypted' in request.socket && request.socket.encrypted ? 'https' : 'http'
  const host = String(request.headers[':authority'] ?? request.headers.host ?? 'localhost')
  // Express and Connect cut their mount path off `url` and keep the whole in `originalUrl`.
  const { originalUrl = request.url ?? '/' } = request as { originalUrl?: string }
  const whole = originalUrl.startsWith('/') ? `${scheme}://${host}${originalUrl}` : originalUrl
  if (!HOST.test(host) || !URL.canParse(whole)) return undefined
  const url = new URL(whole)
  return url.username === '' && url.password === '' ? url : undefined
}

function headersOf(request: NodeRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    // Those of HTTP/2 that start with a colon are no headers: method, path, authority.
    if (value === undefined || name.startsWith(':')) continue
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one)
  }
  return headers
}

import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { Readable } from 'node:stream'

/**
 * A request of `node:http` or of the compatibility API of `node:http2`.
 *
 * @example
 * const path = (request: NodeRequest) => request.url
 */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/** The `Request` of a request of Node; `undefined` where its address makes no URL. */
export function toRequest(request: NodeRequest, signal: AbortSignal): Request | undefined {
  const url = urlOf(request)
  if (!url) return undefined
  const method = request.method ?? 'GET'
  const headers = headersOf(request)
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal })
  const body = Readable.toWeb(request) as ReadableStream<Uint8Array<ArrayBuffer>>
  // `duplex` is what Node wants of a streamed body, and not in the DOM's types.
  const init: RequestInit & { duplex: 'half' } = { method, headers, signal, body, duplex: 'half' }
  return new Request(url, init)
}

function urlOf(request: NodeRequest): URL | undefined {
  const scheme = 'encrypted' in request.socket && request.socket.encrypted ? 'https' : 'http'
  const host = request.headers[':authority'] ?? request.headers.host ?? 'localhost'
  // Express and Connect cut their mount path off `url` and keep the whole in `originalUrl`.
  const { originalUrl = request.url ?? '/' } = request as { originalUrl?: string }
  const whole = originalUrl.startsWith('/')
    ? `${scheme}://${String(host)}${originalUrl}`
    : originalUrl
  return URL.canParse(whole) ? new URL(whole) : undefined
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

import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { divert } from '../body.ts'
import { EventServerError } from '../error.ts'
import { setPeer } from '../peer.ts'
import { REFUSAL_HEADERS } from '../refusal.ts'
import { breakOff } from './break-off.ts'
import { pipeBody } from './pipe.ts'
import { toRequest } from './request.ts'
import type { NodeRequest } from './request.ts'
import { sinkOf } from './sink.ts'
import { watchForStall } from './stall.ts'

/**
 * Anything that answers requests: an event server, or an app of any framework that speaks the Fetch API.
 *
 * @example
 * const app: FetchApp = { fetch: () => new Response('hello') }
 */
export interface FetchApp {
  /** Answers a request. */
  readonly fetch: (request: Request) => Response | Promise<Response>
}

/**
 * A response of `node:http` or of the compatibility API of `node:http2`.
 *
 * @example
 * const end = (response: NodeResponse) => response.end()
 */
export type NodeResponse = ServerResponse | Http2ServerResponse

/**
 * What `node:http`, `node:http2`, Express and Connect take.
 *
 * @example
 * app.use('/events', toNodeHandler(events)) // Express
 */
export type NodeHandler = (
  request: NodeRequest,
  response: NodeResponse,
  next?: (error?: unknown) => void,
) => void

/**
 * Mounts a Fetch API app in Node.
 *
 * An app that throws is Express's affair where there is a `next`, else a 500 whose cause goes to `console.error`. Throws on
 * what has no `fetch`.
 *
 * @example
 * http.createServer(toNodeHandler(events)).listen(3000)
 */
export function toNodeHandler(app: FetchApp): NodeHandler {
  checkApp(app)
  return (request, nodeResponse, next) => {
    // The two have every member used here in common, but for TypeScript their overloads do not meet.
    const response = nodeResponse as ServerResponse
    const gone = new AbortController()
    const exchange: Exchange = { app, request, response, gone, answered: false }
    // Who has gone already, while others had the request, is told of no more.
    if (isOver(request, response)) gone.abort()
    response.on('close', () => {
      if (!exchange.answered) gone.abort()
      exchange.leave?.()
    })
    respond(exchange).catch((error: unknown) => {
      if (response.headersSent) breakOff(response, error)
      else if (next) next(error)
      else fail(response, error)
    })
  }
}

function checkApp(app: { readonly fetch?: unknown } | undefined): void {
  if (typeof app?.fetch === 'function') return
  throw new EventServerError(
    'invalid-option',
    'Cannot mount the app: it has no fetch. Give the event server itself, or { fetch }.',
  )
}

interface Exchange {
  readonly app: FetchApp
  readonly request: NodeRequest
  readonly response: ServerResponse
  readonly gone: AbortController
  /** The answer has been written to its end, here. */
  answered: boolean
  /** Tells a session that its reader has gone. */
  leave?: () => void
}

function isOver(request: NodeRequest, response: ServerResponse): boolean {
  // A request counts as destroyed when its body has been read, so it is the carrier that is asked.
  const carrier = 'stream' in request ? request.stream : request.socket
  return carrier.destroyed || response.destroyed || response.writableEnded
}

async function respond(exchange: Exchange): Promise<void> {
  const { app, request, response, gone } = exchange
  const asked = toRequest(request, gone.signal)
  if (!(asked instanceof Request)) {
    exchange.answered = true
    response.writeHead(asked.status, REFUSAL_HEADERS)
    response.end(`${asked.because}\n`)
    return
  }
  setPeer(asked, request.socket.remoteAddress)
  const answer = await app.fetch(asked)
  try {
    await send(answer, exchange)
  } catch (error) {
    // Nobody else will: what it belongs to would go on without a reader.
    answer.body?.cancel(error).catch(() => {})
    throw error
  }
}

async function send(answer: Response, exchange: Exchange): Promise<void> {
  const { request, response, gone } = exchange
  if (gone.signal.aborted) {
    await answer.body?.cancel()
    return
  }
  writeHead(answer, request, response)
  if (!answer.body || request.method === 'HEAD') {
    await answer.body?.cancel()
    exchange.answered = true
    response.end()
    return
  }
  // The head goes out before the first byte of the body, so that clients know that they are connected.
  response.flushHeaders()
  watchForStall(response, (error) => gone.abort(error))
  const sink = sinkOf(response)
  const leave = sink && divert(answer.body, sink)
  if (leave) exchange.leave = leave
  else exchange.answered = await pipeBody(answer.body, response, gone.signal)
}

// RFC 9110, 7.6.1 "Connection": these are between two neighbours, and the neighbour here is Node's.
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function writeHead(answer: Response, request: NodeRequest, response: ServerResponse): void {
  response.statusCode = answer.status
  // HTTP/2 has no reason phrase.
  if (request.httpVersionMajor < 2 && answer.statusText) response.statusMessage = answer.statusText
  for (const [name, value] of answer.headers) {
    if (!HOP_BY_HOP.has(name) && name !== 'set-cookie') response.setHeader(name, value)
  }
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
}

function fail(response: ServerResponse, error: unknown): void {
  console.error(error)
  response.writeHead(500, REFUSAL_HEADERS)
  response.end('Cannot answer: the server failed.\n')
}

// A server that says exactly the bytes a test wrote down: the other end of the transports' contract.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One answer, to one request; the requests of a script are answered in order, the last answer over and over. */
export interface Answer {
  /** Defaults to 200. */
  readonly status?: number
  /** Defaults to the content type of an event stream. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body, piece by piece, each in a turn of its own; `latin1` strings, so that every byte can be written. */
  readonly chunks?: readonly string[]
  /** How it ends: in good order, or not by itself. Defaults to `end`. */
  readonly ending?: 'end' | 'hang'
}

/** What a request looked like when it arrived. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

interface Script {
  readonly answers: readonly Answer[]
  readonly seen: SeenRequest[]
  readonly open: Set<ServerResponse>
}

/**
 * Handles `POST /wire` (a script, answered with its id), `GET /wire/ID` (the stream), `GET /wire/ID/log`, and
 * `POST /wire/ID/drop`, which breaks the connections of the stream; leaves everything else to `next`.
 */
export function wireHandler(): (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void {
  const scripts = new Map<string, Script>()
  return (request, response, next) => {
    const [path = ''] = (request.url ?? '').split('?')
    const [, root, id, verb] = path.split('/')
    const script = scripts.get(id ?? '')
    if (root !== 'wire') next()
    else if (id === undefined) void record(request, response, scripts)
    else if (script === undefined) response.writeHead(404).end()
    else if (verb === 'log') sendJson(response, { seen: script.seen, open: script.open.size })
    else if (verb === 'drop') drop(response, script)
    else void answer(request, response, script)
  }
}

/** The same on a port of its own; returns its address. */
export async function startWire(): Promise<{ origin: string; close: () => Promise<void> }> {
  const handle = wireHandler()
  const server = createServer((request, response) => {
    handle(request, response, () => response.writeHead(404).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

async function record(
  request: IncomingMessage,
  response: ServerResponse,
  scripts: Map<string, Script>,
): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const id = randomUUID()
  scripts.set(id, { answers: JSON.parse(body) as Answer[], seen: [], open: new Set() })
  sendJson(response, { id })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: Script,
): Promise<void> {
  script.seen.push({
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
  })
  script.open.add(response)
  response.on('close', () => {
    script.open.delete(response)
  })
  const index = Math.min(script.seen.length, script.answers.length) - 1
  const { status = 200, headers, chunks = [], ending = 'end' } = script.answers[index] ?? {}
  response.writeHead(status, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    ...headers,
  })
  response.flushHeaders()
  for (const chunk of chunks) {
    response.write(Buffer.from(chunk, 'latin1'))
    // oxlint-disable-next-line no-await-in-loop -- pieces are to arrive one after the other
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (ending === 'end') response.end()
}

function drop(response: ServerResponse, script: Script): void {
  for (const stream of script.open) stream.destroy()
  sendJson(response, {})
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

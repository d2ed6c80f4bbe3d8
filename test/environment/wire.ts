// A server that says exactly the bytes a test wrote down: the other end of the transports' contract.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One answer, to one request; the requests of a script are answered in order, the last answer over and over. */
export interface Answer {
  /** Defaults to 200. */
  readonly status?: number
  /** Defaults to the content type of an event stream; `null` leaves a header out. A preflight gets them too. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** The body, piece by piece, each in a turn of its own; `latin1` strings, so that every byte can be written. */
  readonly chunks?: readonly string[]
  /** How it ends: in good order, or not by itself; or whether it never begins. Defaults to `end`. */
  readonly ending?: 'end' | 'hang' | 'mute'
}

/** What a request looked like when it arrived. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** What has become of a script. */
export interface WireLog {
  readonly seen: readonly SeenRequest[]
  /** The CORS preflights among them, which are not counted as requests. */
  readonly preflights: readonly SeenRequest[]
  /** How many answers are under way. */
  readonly open: number
}

interface Script {
  readonly answers: readonly Answer[]
  readonly seen: SeenRequest[]
  readonly preflights: SeenRequest[]
  readonly open: Set<ServerResponse>
  /** Called whenever an answer begins or is over. */
  readonly watchers: Set<() => void>
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

/**
 * Handles `POST /wire` (a script, answered with its id), `/wire/ID` (the stream), `GET /wire/ID/log`, and
 * `POST /wire/ID/drop`, which breaks the connections of the stream; leaves everything else to `next`. With a number,
 * `GET /wire/ID/log?N` says the log as soon as N answers are under way.
 *
 * `GET /wire/once?ANSWER` is a script of one answer that needs no id; `GET /wire/elsewhere` says another port where
 * the same scripts are played.
 */
export function wireHandler(): Handler {
  const scripts = new Map<string, Script>()
  let elsewhere: Promise<number> | undefined
  const handle: Handler = (request, response, next) => {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const [, root, id, verb] = path.split('/')
    const script = scripts.get(id ?? '')
    if (root !== 'wire') next()
    else if (id === undefined) void record(request, response, scripts)
    else if (id === 'once') void write(response, JSON.parse(decodeURIComponent(query)) as Answer)
    else if (id === 'elsewhere') {
      elsewhere ??= listen(handle).then(({ server, port }) => {
        server.unref()
        return port
      })
      void elsewhere.then((port) => {
        sendJson(response, { port })
      })
    } else if (script === undefined) response.writeHead(404).end()
    else if (verb === 'log') log(response, script, query)
    else if (verb === 'drop') drop(response, script)
    else void answer(request, response, script)
  }
  return handle
}

/** The same on a port of its own; returns its address. */
export async function startWire(): Promise<{ origin: string; close: () => Promise<void> }> {
  const { server, port } = await listen(wireHandler())
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

async function listen(handle: Handler): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    handle(request, response, () => response.writeHead(404).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, port }
}

async function record(
  request: IncomingMessage,
  response: ServerResponse,
  scripts: Map<string, Script>,
): Promise<void> {
  const answers = JSON.parse(await bodyOf(request)) as Answer[]
  const id = randomUUID()
  scripts.set(id, { answers, seen: [], preflights: [], open: new Set(), watchers: new Set() })
  sendJson(response, { id })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: Script,
): Promise<void> {
  const { method = '', url = '', headers } = request
  const seen = { method, url, headers, body: await bodyOf(request) }
  if (method === 'OPTIONS') {
    script.preflights.push(seen)
    response.writeHead(204, headersOf(script.answers[0])).end()
    return
  }
  script.seen.push(seen)
  script.open.add(response)
  response.on('close', () => {
    script.open.delete(response)
    tellOf(script)
  })
  tellOf(script)
  const index = Math.min(script.seen.length, script.answers.length) - 1
  await write(response, script.answers[index] ?? {})
}

async function write(response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, chunks = [], ending = 'end' } = answer
  if (ending === 'mute') return
  response.writeHead(status, headersOf(answer))
  response.flushHeaders()
  for (const chunk of chunks) {
    response.write(Buffer.from(chunk, 'latin1'))
    // oxlint-disable-next-line no-await-in-loop -- pieces are to arrive one after the other
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (ending === 'end') response.end()
}

function headersOf(answer: Answer | undefined): Record<string, string> {
  const defaults = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }
  const all = Object.entries<string | null>({ ...defaults, ...answer?.headers })
  return Object.fromEntries(all.filter((header): header is [string, string] => header[1] !== null))
}

function log(response: ServerResponse, script: Script, query: string): void {
  const { seen, preflights, open, watchers } = script
  const watch = () => {
    if (query !== '' && open.size !== Number(query)) return
    watchers.delete(watch)
    sendJson(response, { seen, preflights, open: open.size } satisfies WireLog)
  }
  watchers.add(watch)
  watch()
}

function tellOf({ watchers }: Script): void {
  for (const watch of watchers) watch()
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

function drop(response: ServerResponse, script: Script): void {
  for (const stream of script.open) stream.destroy()
  sendJson(response, {})
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

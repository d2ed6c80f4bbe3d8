import type { EventServer } from '@millrace/server'
import { toNodeHandler, type NodeHandler } from '@millrace/server/node'
import { once } from 'node:events'
import http, { type ServerResponse } from 'node:http'
import http2, { type ServerHttp2Session } from 'node:http2'
import https from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { Reading } from './session-reading.ts'

type Engine = Pick<EventServer<unknown>, 'fetch'>
type Headers = Readonly<Record<string, string>>

/** A way in which the bytes of sessions reach their clients. */
export interface Carrier {
  readonly name: string
  readonly mount: (events: Engine) => Promise<Mounted>
}

/** An engine that can be reached. */
export interface Mounted {
  readonly connect: (path: string, headers?: Headers) => Promise<Reading>
  readonly close: () => Promise<void>
}

/** Every way there is in Node. */
export const carriers: readonly Carrier[] = [
  { name: 'as the body of a Response', mount: (events) => Promise.resolve(directly(events)) },
  { name: 'over HTTP/1.1', mount: (events) => overHttp(toNodeHandler(events)) },
  { name: 'over HTTP/1.1, through a body', mount: (events) => overHttp(throughBody(events)) },
  { name: 'over HTTP/1.1, behind middleware', mount: (events) => overHttp(behind(events)) },
  { name: 'over TLS', mount: (events) => overTls(toNodeHandler(events)) },
  { name: 'over HTTP/2', mount: (events) => overHttp2(toNodeHandler(events)) },
  { name: 'over HTTP/2, through a body', mount: (events) => overHttp2(throughBody(events)) },
]

function directly(events: Engine): Mounted {
  return {
    connect: async (path, headers) => {
      const abort = new AbortController()
      const { signal } = abort
      const url = `http://localhost${path}`
      const { body } = await events.fetch(new Request(url, { signal, ...(headers && { headers }) }))
      return new Reading(body as AsyncIterable<Uint8Array> & typeof body, () => abort.abort())
    },
    close: () => Promise.resolve(),
  }
}

// An app that has a hand in what it passes on: there is no way past its stream.
function throughBody(events: Engine): NodeHandler {
  return toNodeHandler({
    fetch: async (request) => {
      const response = await events.fetch(request)
      const { status, headers } = response
      return new Response(response.body?.pipeThrough(new TransformStream()), { status, headers })
    },
  })
}

// As `compression` does: a `write` of its own, and a `flush`.
function behind(events: Engine): NodeHandler {
  const handler = toNodeHandler(events)
  return (request, nodeResponse, next) => {
    const response = nodeResponse as ServerResponse
    const write = response.write.bind(response)
    let kept: Uint8Array[] = []
    Object.assign(response, {
      write: (bytes: Uint8Array) => {
        kept.push(bytes)
        return !response.writableNeedDrain
      },
      flush: () => {
        for (const bytes of kept) write(bytes)
        kept = []
      },
    })
    handler(request, response, next)
  }
}

async function overHttp(handler: NodeHandler): Promise<Mounted> {
  const { port, close } = await listen(http.createServer(handler))
  return {
    connect: (path, headers) => answered(http.get({ port, path, headers, agent: false })),
    close,
  }
}

// A key that both sides have saves making a certificate.
const key = Buffer.alloc(32, 1)
const keyed = { ciphers: 'PSK', pskIdentityHint: 'test', pskCallback: () => key }
const keyedClient = {
  ciphers: 'PSK',
  pskCallback: () => ({ psk: key, identity: 'test' }),
  checkServerIdentity: () => undefined,
}

async function overTls(handler: NodeHandler): Promise<Mounted> {
  const { port, close } = await listen(https.createServer(keyed, handler))
  return {
    connect: (path, headers) =>
      answered(https.get({ port, path, headers, agent: false, ...keyedClient })),
    close,
  }
}

async function answered(request: http.ClientRequest): Promise<Reading> {
  // Who reads is told of it in the body.
  request.on('error', () => {})
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  return new Reading(response, () => request.destroy())
}

async function overHttp2(handler: NodeHandler): Promise<Mounted> {
  const server = http2.createSecureServer(keyed, handler)
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  const { port, close } = await listen(server)
  const client = http2.connect(`https://localhost:${port}`, keyedClient)
  return {
    connect: async (path, headers) => {
      const stream = client.request({ ...headers, ':path': path })
      await once(stream, 'response')
      stream.on('error', () => {})
      return new Reading(stream, () => stream.close(http2.constants.NGHTTP2_CANCEL))
    },
    close: async () => {
      client.destroy()
      await close()
    },
  }
}

async function listen(server: Server): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

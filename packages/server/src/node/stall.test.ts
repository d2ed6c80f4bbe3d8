import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { cleanUp, listenHttp2, listenNode, rawRequest } from '../../test/listen.ts'
import type { EventServerError } from '../error.ts'
import { createEventServer } from '../event-server.ts'
import { toNodeHandler } from './handler.ts'
import { watchForStall } from './stall.ts'

const MUCH = Buffer.alloc(32 * 1024 * 1024)

test('a client that stops reading is broken off, with a reset', async () => {
  const stalled = Promise.withResolvers<EventServerError>()
  const url = await listenNode((_, response) => {
    watchForStall(response, stalled.resolve, 10)
    response.write(MUCH)
  })
  const socket = await rawRequest(url, '/')
  const reset = once(socket, 'error')
  await once(socket, 'readable')
  expect(await stalled.promise).toMatchObject({ code: 'slow' })
  socket.resume()
  expect(await reset).toMatchObject([{ code: 'ECONNRESET' }])
})

test('a stream of HTTP/2 whose client stops reading is broken off, and its connection is not', async () => {
  const stalled = Promise.withResolvers<EventServerError>()
  const client = await listenHttp2((request, response) => {
    if (request.url === '/next') {
      response.end('next')
      return
    }
    watchForStall(response as unknown as http.ServerResponse, stalled.resolve, 10)
    // The window of a stream is 64 KiB.
    response.write(Buffer.alloc(1024 * 1024))
  })
  const stuck = client.request({ ':path': '/' })
  const broken = once(stuck, 'error')
  expect(await stalled.promise).toMatchObject({ code: 'slow' })
  stuck.resume()
  await broken
  const next = client.request({ ':path': '/next' }).setEncoding('utf8')
  expect(await once(next, 'data')).toEqual(['next'])
})

test('a stream that is silent is left alone', async () => {
  const onStall = vi.fn<(error: EventServerError) => void>()
  const url = await listenNode((_, response) => {
    watchForStall(response, onStall, 1)
    response.write('before')
    response.once('timeout', () => response.end('after'))
  })
  expect(await (await fetch(url)).text()).toBe('beforeafter')
  expect(onStall).not.toHaveBeenCalled()
})

interface Watched {
  /** The server's side of the connection. */
  readonly socket: Socket
  readonly response: Response
  readonly events: ReturnType<typeof createEventServer>
}

async function connectTo(
  settings: Partial<Pick<http.Server, 'timeout' | 'keepAliveTimeout'>>,
): Promise<Watched> {
  const events = createEventServer()
  const server = Object.assign(http.createServer(toNodeHandler(events)), settings)
  const connected = once(server, 'connection') as Promise<[Socket]>
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}`)
  const [socket] = await connected
  return { events, response, socket }
}

test('a stream is watched, and its connection is idle as any other when it has ended', async () => {
  const { events, response, socket } = await connectTo({ keepAliveTimeout: 120_000 })
  expect(socket.timeout).toBe(60_000)
  await events.close()
  await response.text()
  expect(socket.timeout).toBeGreaterThanOrEqual(120_000)
})

test('a connection that need not be idle for a bounded time is not bounded by the stream it had', async () => {
  const { events, response, socket } = await connectTo({ keepAliveTimeout: 0 })
  await events.close()
  await response.text()
  expect(socket.timeout).toBe(0)
})

test('a server with a timeout of its own keeps it', async () => {
  const { response, socket } = await connectTo({ timeout: 1_234 })
  expect(socket.timeout).toBe(1_234)
  await response.body?.cancel()
})

test('a client that an adapter calls stalled has been slow', async () => {
  const onDisconnect = vi.fn<(session: unknown, reason: string) => void>()
  const events = createEventServer({ onDisconnect })
  const abort = new AbortController()
  await events.fetch(new Request('http://localhost/', { signal: abort.signal }))
  const stalled = Promise.withResolvers<EventServerError>()
  const url = await listenNode((_, response) => {
    watchForStall(response, stalled.resolve, 10)
    response.write(MUCH)
  })
  await rawRequest(url, '/')
  abort.abort(await stalled.promise)
  expect(onDisconnect).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'slow')
})

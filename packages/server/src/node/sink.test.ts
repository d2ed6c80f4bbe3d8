import { once } from 'node:events'
import http, { ServerResponse } from 'node:http'
import { connect as openSocket, Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { manualClock } from '../../test/manual-clock.ts'
import { cleanUp, listen, listenNode, rawRequest } from '../../test/listen.ts'
import { createEventServer } from '../event-server.ts'
import type { DisconnectReason } from '../session.ts'
import { toNodeHandler } from './handler.ts'

/** Reads from a socket until something has come; tells what has. */
async function heard(socket: Socket, fragment: string): Promise<string> {
  let text = ''
  while (!text.includes(fragment)) {
    const chunk = socket.read() as Buffer | null
    if (chunk) text += chunk.toString()
    else await once(socket, 'readable')
  }
  return text
}

test('whoever gets the same is written the same bytes, once a turn', async () => {
  const events = createEventServer({ ids: 'manual' })
  const url = await listen(events)
  const sockets = await Promise.all(
    ['a', 'a', 'b'].map((channel) => rawRequest(url, `/?channel=${channel}`)),
  )
  await Promise.all(sockets.map((socket) => heard(socket, 'connected')))
  const write = vi.spyOn(Socket.prototype, 'write')
  cleanUp.push(() => write.mockRestore())
  await events.broadcast({ data: '1' })
  await events.broadcast({ data: '2' })
  await Promise.all(sockets.map((socket) => heard(socket, 'data: 2')))
  const written = write.mock.calls.map(([bytes]) => bytes)
  expect(String(written[0])).toBe('12\r\ndata: 1\n\ndata: 2\n\n\r\n')
  expect(written).toHaveLength(3)
  expect(new Set(written).size).toBe(1)
})

test('HTTP/1.0 gets the stream without a frame', async () => {
  const events = createEventServer({ ids: 'manual' })
  const { port } = new URL(await listen(events))
  const socket = openSocket(Number(port), '127.0.0.1')
  cleanUp.push(() => socket.destroy())
  socket.write('GET /?channel=a HTTP/1.0\r\n\r\n')
  const head = await heard(socket, 'connected\n\n')
  expect(head.slice(head.indexOf('\r\n\r\n'))).toBe('\r\n\r\n: connected\n\n')
  void events.publish('a', { data: '1' })
  await events.close()
  expect(await heard(socket, '1\n\n')).toBe('data: 1\n\n')
  await once(socket, 'end')
})

test('a connection serves the next request when a session has ended', async () => {
  const events = createEventServer({ ids: 'manual' })
  const socket = await rawRequest(await listen(events), '/?channel=a')
  await heard(socket, 'connected')
  for (const session of events.sessions) session.close()
  await heard(socket, '0\r\n\r\n')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(await heard(socket, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 405 /)
})

test('a session behind another response waits for it, and loses nothing', async () => {
  const opened = Promise.withResolvers<void>()
  const events = createEventServer({ ids: 'manual', onConnect: () => opened.resolve() })
  const handler = toNodeHandler(events)
  const first = Promise.withResolvers<ServerResponse>()
  const url = await listenNode((request, response) => {
    if (request.url === '/first') first.resolve(response)
    else handler(request, response)
  })
  const socket = await rawRequest(url, '/first')
  socket.write('GET /?channel=a HTTP/1.1\r\nhost: x\r\n\r\n')
  const response = await first.promise
  await opened.promise
  await events.publish('a', { data: '1' })
  response.end('first')
  const text = await heard(socket, 'data: 1')
  expect(text).toMatch(/first[^]*HTTP\/1\.1 200 OK[^]*: connected\n\n[^]*data: 1\n\n/)
  await events.publish('a', { data: '2' })
  await heard(socket, 'data: 2')
})

test('a response that waits behind a session comes after its end', async () => {
  const events = createEventServer({ ids: 'manual' })
  const socket = await rawRequest(await listen(events), '/?channel=a')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\n\r\n')
  await heard(socket, 'connected')
  await events.publish('a', { data: '1' })
  await heard(socket, 'data: 1')
  await events.close()
  expect(await heard(socket, 'HTTP/1.1')).toMatch(/^0\r\n\r\nHTTP\/1\.1 405 /)
})

test('a client that closes its half of the connection has left', async () => {
  const left = Promise.withResolvers<DisconnectReason>()
  const events = createEventServer({ onDisconnect: (_, reason) => left.resolve(reason) })
  const socket = await rawRequest(await listen(events), '/')
  await heard(socket, 'connected')
  socket.end()
  expect(await left.promise).toBe('client')
})

test('a client that closes its half and reads no more has left with the next event', async () => {
  const left = Promise.withResolvers<DisconnectReason>()
  const events = createEventServer({
    ids: 'manual',
    onDisconnect: (_, reason) => left.resolve(reason),
  })
  const handler = toNodeHandler(events)
  const accepted = Promise.withResolvers<Socket>()
  const url = await listenNode((request, response) => {
    accepted.resolve(request.socket)
    handler(request, response)
  })
  const socket = await rawRequest(url, '/?channel=a')
  await heard(socket, 'connected')
  await events.publish('a', { data: 'x'.repeat(32 * 1024 * 1024) })
  socket.pause().end()
  await once(await accepted.promise, 'end')
  expect(events.sessions.size).toBe(1)
  await events.publish('a', { data: 'next' })
  expect(await left.promise).toBe('client')
})

test('a response class of its own sees all that is written', async () => {
  let seen = ''
  class Watched extends ServerResponse {
    override write(chunk: Uint8Array): boolean {
      seen += new TextDecoder().decode(chunk)
      return super.write(chunk)
    }
  }
  const events = createEventServer({ ids: 'manual' })
  const server = http.createServer({ ServerResponse: Watched }, toNodeHandler(events))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const socket = await rawRequest(`http://127.0.0.1:${port}`, '/?channel=a')
  await heard(socket, 'connected')
  await events.publish('a', { data: '1' })
  await heard(socket, 'data: 1')
  expect(seen).toBe(': connected\n\ndata: 1\n\n')
})

test('the socket of a client that does not read is reset, so that the kernel keeps nothing for it', async () => {
  const slow = Promise.withResolvers<DisconnectReason>()
  const events = createEventServer({
    ids: 'manual',
    maxBacklog: 256 * 1024,
    onDisconnect: (_, reason) => slow.resolve(reason),
  })
  const stuck = await rawRequest(await listen(events), '/?channel=a')
  const reset = once(stuck, 'error')
  await once(stuck, 'readable')
  while (events.sessions.size > 0) {
    await events.publish('a', { data: 'x'.repeat(256 * 1024) })
    await new Promise(setImmediate)
  }
  expect(await slow.promise).toBe('slow')
  stuck.resume()
  const [error] = (await reset) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNRESET')
})

test('a client that has stopped reading is cut off 10 s after the end', async () => {
  const clock = manualClock()
  const events = createEventServer({ clock, ids: 'manual' })
  const stuck = await rawRequest(await listen(events), '/?channel=a')
  const reset = once(stuck, 'error')
  await once(stuck, 'readable')
  void events.publish('a', { data: 'x'.repeat(32 * 1024 * 1024) })
  await events.close()
  clock.advance(9_999)
  expect(clock.pending()).toBe(1)
  clock.advance(1)
  stuck.resume()
  const [error] = (await reset) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNRESET')
  expect(clock.pending()).toBe(0)
})

test('a client that reads what was left for it leaves no timer behind', async () => {
  const clock = manualClock()
  const events = createEventServer({ clock, ids: 'manual' })
  const socket = await rawRequest(await listen(events), '/?channel=a')
  await heard(socket, 'connected')
  void events.publish('a', { data: 'last' })
  await events.close()
  await heard(socket, '0\r\n\r\n')
  expect(clock.pending()).toBe(0)
})

import http from 'node:http'
import http2 from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect as openSocket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createEventServer } from '../event-server.ts'
import type { DisconnectReason } from '../session.ts'
import { toNodeHandler } from './handler.ts'
import type { FetchApp } from './handler.ts'
import { pipeBody } from './pipe.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end()
})

function listen(app: FetchApp): Promise<string> {
  return listenNode(toNodeHandler(app))
}

async function listenNode(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function rawRequest(url: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = openSocket(Number(port), hostname)
  cleanUp.push(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`)
  return socket
}

function deferred<Value>(): PromiseWithResolvers<Value> {
  return Promise.withResolvers<Value>()
}

test('the head is there before any event', async () => {
  const url = await listen(createEventServer())
  const response = await fetch(`${url}/events`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  await response.body?.cancel()
})

test('the head is there before any byte of the body', async () => {
  const url = await listen({ fetch: () => new Response(new ReadableStream()) })
  const response = await fetch(url)
  expect(response.status).toBe(200)
  await response.body?.cancel()
})

test('events arrive as they are published', async () => {
  const events = createEventServer({ ids: 'manual' })
  const url = await listen(events)
  const response = await fetch(`${url}/events?channel=a`)
  await events.publish('a', { data: 'grüße' })
  await events.close()
  expect(await response.text()).toBe(': connected\n\ndata: grüße\n\n')
})

test('a client that goes away has left', async () => {
  const left = deferred<DisconnectReason>()
  const events = createEventServer({ onDisconnect: (_, reason) => left.resolve(reason) })
  const url = await listen(events)
  const abort = new AbortController()
  await fetch(url, { signal: abort.signal })
  abort.abort()
  expect(await left.promise).toBe('client')
  expect(events.sessions.size).toBe(0)
})

test('the request arrives with its method, address, headers and body', async () => {
  const url = await listen({
    fetch: async (request) =>
      Response.json([
        request.method,
        request.url,
        request.headers.get('x-a'),
        await request.text(),
      ]),
  })
  const response = await fetch(`${url}/p?q=1`, {
    method: 'POST',
    body: 'hi',
    headers: { 'x-a': 'b' },
  })
  expect(await response.json()).toEqual(['POST', `${url}/p?q=1`, 'b', 'hi'])
})

test('the mount path of Express is part of the address', async () => {
  const handler = toNodeHandler({ fetch: (request) => new Response(new URL(request.url).pathname) })
  const server = http.createServer((request, response) => {
    handler(Object.assign(request, { originalUrl: `/mounted${request.url}` }), response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/here`)
  expect(await response.text()).toBe('/mounted/here')
})

test('status, headers and cookies are passed on, hop-by-hop headers are not', async () => {
  const url = await listen({
    fetch: () =>
      new Response('x', {
        status: 418,
        statusText: 'Teapot',
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
          ['transfer-encoding', 'gzip'],
          ['x-mine', 'yes'],
        ],
      }),
  })
  const response = await fetch(url)
  expect([response.status, response.statusText]).toEqual([418, 'Teapot'])
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(response.headers.get('x-mine')).toBe('yes')
  expect(await response.text()).toBe('x')
})

test('an empty chunk does not end the body', async () => {
  const url = await listen({
    fetch: () =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            for (const text of ['', 'a', '']) controller.enqueue(new TextEncoder().encode(text))
            controller.close()
          },
        }),
      ),
  })
  expect(await (await fetch(url)).text()).toBe('a')
})

test('HEAD has a head and no body', async () => {
  const url = await listen({ fetch: () => new Response('x', { headers: { 'x-a': 'b' } }) })
  const response = await fetch(url, { method: 'HEAD' })
  expect(response.headers.get('x-a')).toBe('b')
  expect(await response.text()).toBe('')
})

test('a body that errs is an error to the client, not an end', async () => {
  const url = await listen({
    fetch: () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.error(new Error('boom')),
        }),
      ),
  })
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow(TypeError)
})

test('an app that throws is a 500, or the affair of the next handler', async () => {
  const boom = new Error('boom')
  const app: FetchApp = { fetch: () => Promise.reject(boom) }
  const passed: unknown[] = []
  const server = http.createServer((request, response) => {
    toNodeHandler(app)(request, response, (error) => {
      passed.push(error)
      response.writeHead(599).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => server.close())
  const { port } = server.address() as AddressInfo
  expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(599)
  expect(passed).toEqual([boom])
})

test('an address that is none is a 400', async () => {
  const url = await listen({ fetch: () => new Response() })
  const socket = openSocket(Number(new URL(url).port), '127.0.0.1')
  cleanUp.push(() => socket.destroy())
  socket.write('GET / HTTP/1.1\r\nhost: a b[\r\nconnection: close\r\n\r\n')
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(head.toString()).toMatch(/^HTTP\/1\.1 400 /)
})

const exchangeOf = async (url: string, head: string): Promise<string> => {
  const socket = openSocket(Number(new URL(url).port), '127.0.0.1')
  cleanUp.push(() => socket.destroy())
  socket.write(`${head}\r\nconnection: close\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return answer.toString()
}

test.each([
  ['a host that holds a path', 'GET /private HTTP/1.1\r\nhost: x/public?', 400],
  ['a host that holds a user', 'GET / HTTP/1.1\r\nhost: u:p@x', 400],
  ['a user in the address', 'GET http://u:p@x/ HTTP/1.1\r\nhost: x', 400],
  ['TRACE', 'TRACE / HTTP/1.1\r\nhost: x', 405],
  ['a host with a port', 'GET / HTTP/1.1\r\nhost: [::1]:80', 200],
  ['a whole address', 'GET http://x/ HTTP/1.1\r\nhost: x', 200],
])('%s is answered with its status', async (_, head, status) => {
  const url = await listen({ fetch: () => new Response() })
  expect(await exchangeOf(url, head)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('a body that nobody reads does not stand in the way of the next request', async () => {
  const url = await listen({ fetch: (request) => new Response(request.method, { status: 405 }) })
  const socket = openSocket(Number(new URL(url).port), '127.0.0.1')
  cleanUp.push(() => socket.destroy())
  const size = 2 * 1024 * 1024
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${size}\r\n\r\n${'x'.repeat(size)}`)
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  let text = ''
  for await (const chunk of socket) {
    text += String(chunk)
    if (text.includes('GET')) break
  }
  expect(text).toMatch(/POST[^]*GET/)
})

test('a client that has gone before the handler runs is no session', async () => {
  const events = createEventServer()
  const answered = deferred<void>()
  const handler = toNodeHandler({
    fetch: async (request) => {
      const response = await events.fetch(request)
      answered.resolve()
      return response
    },
  })
  const url = await listenNode((request, response) => {
    response.on('close', () => handler(request, response))
  })
  const socket = await rawRequest(url, '/')
  socket.destroy()
  await answered.promise
  expect(events.sessions.size).toBe(0)
})

test('a session ends with its response, whoever has ended that', async () => {
  const left = deferred<DisconnectReason>()
  const events = createEventServer({ onDisconnect: (_, reason) => left.resolve(reason) })
  const handler = toNodeHandler(events)
  const responses: http.ServerResponse[] = []
  const url = await listenNode((request, response) => {
    responses.push(response)
    handler(request, response)
  })
  const stream = await fetch(`${url}/?channel=a`)
  responses[0]?.end()
  await events.publish('a', { data: '1' })
  expect(await left.promise).toBe('client')
  expect(await stream.text()).toBe(': connected\n\n')
})

test('a head that cannot be written leaves no session behind', async () => {
  const left = deferred<DisconnectReason>()
  const events = createEventServer({ onDisconnect: (_, reason) => left.resolve(reason) })
  const failed = deferred<unknown>()
  const handler = toNodeHandler(events)
  const url = await listenNode((request, response) => {
    response.setHeader = () => {
      throw new Error('boom')
    }
    handler(request, response, (error) => {
      failed.resolve(error)
      response.end()
    })
  })
  await (await fetch(url)).text()
  expect(await failed.promise).toMatchObject({ message: 'boom' })
  expect(await left.promise).toBe('client')
})

test('an ended body waits for no reader that is stuck', async () => {
  const reset = deferred<void>()
  const url = await listenNode((_, response) => {
    response.on('close', reset.resolve)
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new Uint8Array(32 * 1024 * 1024))
        controller.close()
      },
    })
    void pipeBody(body, response, new AbortController().signal, 1)
  })
  const socket = await rawRequest(url, '/')
  socket.on('error', () => {})
  await once(socket, 'readable')
  await reset.promise
  expect(socket.readableEnded).toBe(false)
})

test('the body is read at the pace of the socket', async () => {
  let pulled = 0
  const cancelled = deferred<void>()
  const chunk = new Uint8Array(64 * 1024)
  const url = await listen({
    fetch: () =>
      new Response(
        new ReadableStream(
          {
            pull: (controller) => {
              pulled += 1
              if (pulled > 10_000) throw new Error('nobody waits for the socket')
              controller.enqueue(chunk)
            },
            cancel: () => cancelled.resolve(),
          },
          { highWaterMark: 0 },
        ),
      ),
  })
  const socket = await rawRequest(url, '/')
  await once(socket, 'readable')
  socket.destroy()
  await cancelled.promise
  expect(pulled).toBeLessThan(10_000)
})

test('a burst of 10,000 loses nothing, awaited or not', async () => {
  const reasons: DisconnectReason[] = []
  const onDisconnect = (_: unknown, reason: DisconnectReason): unknown => reasons.push(reason)
  const events = createEventServer({ ids: 'manual', onDisconnect })
  const url = await listen(events)
  const response = await fetch(`${url}/?channel=a`)
  const counted = countEvents(response)
  const data = 'x'.repeat(300)
  for (let n = 0; n < 10_000; n++) await events.publish('a', { data })
  await counted.reached(10_000)
  for (let n = 0; n < 10_000; n++) void events.publish('a', { data })
  await counted.reached(20_000)
  expect(reasons).toEqual([])
})

test('a client that does not read is cut off, and the others miss nothing', async () => {
  const slow = deferred<DisconnectReason>()
  const events = createEventServer({
    ids: 'manual',
    maxBacklog: 256 * 1024,
    onDisconnect: (_, reason) => slow.resolve(reason),
  })
  const url = await listen(events)
  const stuck = await rawRequest(url, '/?channel=a')
  const reset = once(stuck, 'error')
  await once(stuck, 'readable')
  const reading = await fetch(`${url}/?channel=a`)
  const counted = countEvents(reading)
  const data = 'x'.repeat(32 * 1024)
  let published = 0
  while (events.sessions.size > 1) {
    published += 1
    await events.publish('a', { data })
    await counted.reached(published)
  }
  expect(await slow.promise).toBe('slow')
  // The socket is reset, so that the kernel keeps nothing for a peer that is stuck.
  stuck.resume()
  const [error] = (await reset) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNRESET')
  expect(events.sessions.size).toBe(1)
  await events.publish('a', { data: 'after' })
  await counted.reached(published + 1)
})

// Counts blank lines, which end events; the head's is the first.
function countEvents(response: Response): { reached: (count: number) => Promise<void> } {
  const text = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let seen = -1
  let last = ''
  return {
    reached: async (count) => {
      while (seen < count) {
        const { value = '', done } = await text.read()
        if (done) throw new Error('the stream has ended')
        seen += (last + value).split('\n\n').length - 1
        last = value.endsWith('\n') && !value.endsWith('\n\n') ? '\n' : ''
      }
    },
  }
}

test('HTTP/2 streams as HTTP/1.1 does', async () => {
  const left = deferred<DisconnectReason>()
  const events = createEventServer({ ids: 'manual', onDisconnect: (_, why) => left.resolve(why) })
  const server = http2.createServer(toNodeHandler(events))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  cleanUp.push(() => {
    client.destroy()
    server.close()
  })
  const stream = client.request({ ':path': '/?channel=a' })
  const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders]
  expect(head[':status']).toBe(200)
  expect(head['content-type']).toBe('text/event-stream; charset=utf-8')
  stream.setEncoding('utf8')
  expect(await once(stream, 'data')).toEqual([': connected\n\n'])
  await events.publish('a', { data: '1' })
  expect(await once(stream, 'data')).toEqual(['data: 1\n\n'])
  expect([...events.sessions][0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?channel=a$/)
  stream.close(http2.constants.NGHTTP2_CANCEL)
  expect(await left.promise).toBe('client')
})

test('a body that errs cancels its stream in HTTP/2', async () => {
  const server = http2.createServer(
    toNodeHandler({
      fetch: () =>
        new Response(new ReadableStream({ pull: (controller) => controller.error(new Error()) })),
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  cleanUp.push(() => {
    client.destroy()
    server.close()
  })
  const stream = client.request({ ':path': '/' })
  await expect(once(stream, 'close')).rejects.toThrow('NGHTTP2_INTERNAL_ERROR')
})

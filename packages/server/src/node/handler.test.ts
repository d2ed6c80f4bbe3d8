import http from 'node:http'
import http2 from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { cleanUp, listen, listenHttp2, listenNode, rawRequest } from '../../test/listen.ts'
import { createEventServer } from '../event-server.ts'
import type { DisconnectReason } from '../session.ts'
import { toNodeHandler } from './handler.ts'
import type { FetchApp } from './handler.ts'

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
  const left = Promise.withResolvers<DisconnectReason>()
  const events = createEventServer({ onDisconnect: (_, reason) => left.resolve(reason) })
  const url = await listen(events)
  const abort = new AbortController()
  await fetch(url, { signal: abort.signal })
  abort.abort()
  expect(await left.promise).toBe('client')
  expect(events.sessions.size).toBe(0)
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

test('HEAD has a head and no body', async () => {
  const url = await listen({ fetch: () => new Response('x', { headers: { 'x-a': 'b' } }) })
  const response = await fetch(url, { method: 'HEAD' })
  expect(response.headers.get('x-a')).toBe('b')
  expect(await response.text()).toBe('')
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

test('a client that has gone before the handler runs is no session', async () => {
  const events = createEventServer()
  const answered = Promise.withResolvers<void>()
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
  const left = Promise.withResolvers<DisconnectReason>()
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
  const left = Promise.withResolvers<DisconnectReason>()
  const events = createEventServer({ onDisconnect: (_, reason) => left.resolve(reason) })
  const failed = Promise.withResolvers<unknown>()
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

test('who hangs up while authorize is thinking is not waited for', async () => {
  const asked = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<Response>()
  const authorize = (): Promise<never> => {
    asked.resolve()
    return new Promise(() => {})
  }
  const events = createEventServer({ authorize })
  const url = await listen({
    fetch: (request) => {
      answered.resolve(events.fetch(request))
      return answered.promise
    },
  })
  const socket = await rawRequest(url, '/')
  await asked.promise
  socket.destroy()
  expect((await answered.promise).status).toBe(503)
  expect(events.sessions.size).toBe(0)
})

test('HTTP/2 streams as HTTP/1.1 does', async () => {
  const left = Promise.withResolvers<DisconnectReason>()
  const events = createEventServer({ ids: 'manual', onDisconnect: (_, why) => left.resolve(why) })
  const client = await listenHttp2(toNodeHandler(events))
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

import { once } from 'node:events'
import { connect as openSocket } from 'node:net'
import { expect, test } from 'vitest'
import { createEventServer } from '../event-server.ts'
import { serve } from './serve.ts'

test('a server listens on a port that is free and says where', async () => {
  const serving = await serve(createEventServer(), { host: '127.0.0.1' })
  expect(serving.url).toBe(`http://127.0.0.1:${serving.port}`)
  const response = await fetch(serving.url)
  expect(response.status).toBe(200)
  await serving.close()
})

test('to close it is to close the app, and to wait for what it has accepted', async () => {
  const events = createEventServer({ ids: 'manual' })
  const { url, close } = await serve(events, { host: '127.0.0.1' })
  const response = await fetch(`${url}/?channel=a`)
  void events.publish('a', { data: 'last' })
  const closed = close({ retry: 1000 })
  expect(await response.text()).toBe(': connected\n\ndata: last\n\nretry: 1000\n\n')
  await closed
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('a port that is taken is an error', async () => {
  const { port, close } = await serve(createEventServer(), { host: '127.0.0.1' })
  await expect(serve(createEventServer(), { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
  await close()
})

test('a client that has stopped reading is cut off at the end of the grace', async () => {
  const events = createEventServer({ ids: 'manual' })
  const { port, close } = await serve(events, { host: '127.0.0.1', grace: 1 })
  const socket = openSocket(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write('GET /?channel=a HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await once(socket, 'readable')
  await events.publish('a', { data: 'x'.repeat(32 * 1024 * 1024) })
  await close()
  socket.destroy()
  expect(events.sessions.size).toBe(0)
})

test('an app that fails to close leaves no server behind', async () => {
  const app = { fetch: () => new Response(), close: () => Promise.reject(new Error('boom')) }
  const { url, close } = await serve(app, { host: '127.0.0.1' })
  await expect(close()).rejects.toThrow('boom')
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

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

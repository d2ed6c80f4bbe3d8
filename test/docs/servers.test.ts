import { createPool } from 'millrace'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { until } from '../environment/until.ts'
import { app as express, prices } from './servers/express.ts'
import { app as hono } from './servers/hono.ts'

test('Hono: a stream that ends is asked for again, until there is no more', async () => {
  using pool = createPool({
    fetch: async (...asked) => hono.fetch(new Request(...asked)),
    retry: { initialDelay: 0 },
  })
  const heard: string[] = []
  for await (const { data } of pool.stream('http://hono.test/chapters').events('chapter')) {
    heard.push(data)
  }
  expect(heard).toEqual(['Loomings', 'The Carpet-Bag', 'The Spouter-Inn', 'The Counterpane'])
})

test('Express: a client is open at once, hears prices, and leaves nothing behind', async () => {
  const server = express.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const pool = createPool({ linger: 0 })
  const stream = pool.stream(`http://127.0.0.1:${port}/prices`)
  const heard: string[] = []
  stream.on('price', ({ data }) => heard.push(data))
  await until(() => stream.status.value === 'open')
  prices.emit('price', 42)
  await until(() => heard.length > 0)
  expect(heard).toEqual(['42'])
  pool.close()
  await until(() => prices.listenerCount('price') === 0)
  server.close()
  await once(server, 'close')
})

import { createEventServer } from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { collectGarbage } from '../environment/garbage.ts'
import { until } from '../environment/until.ts'

/** Bytes of the heap that are in use when nothing can be let go. */
async function inUse(): Promise<number> {
  for (let n = 0; n < 3; n += 1) {
    collectGarbage()
    // oxlint-disable-next-line no-await-in-loop -- what is let go in one round is collected in the next
    await new Promise(setImmediate)
  }
  return process.memoryUsage().heapUsed
}

test('channels and sessions that are gone leave nothing behind, however many there were', async () => {
  const events = createEventServer({ ids: 'manual' })
  const comeAndGo = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 1) {
      const request = new Request(`http://localhost/?channel=user/${n}`)
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      const { body } = await events.fetch(request)
      void events.publish(`user/${n}/inbox`, { data: 'hello' })
      // oxlint-disable-next-line no-await-in-loop
      await body?.cancel()
    }
  }
  await comeAndGo(0, 200)
  const before = await inUse()
  await comeAndGo(200, 1_200)
  const grown = (await inUse()) - before
  expect(events.sessions.size).toBe(0)
  // A session that stays takes 7 KB at least.
  expect(grown / 1_000).toBeLessThan(2_000)
})

test('connections that are gone leave nothing behind either', async () => {
  const events = createEventServer({ ids: 'manual' })
  const server = createServer(toNodeHandler(events))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const comeAndGo = async (): Promise<void> => {
    const sockets = Array.from({ length: 100 }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.write('GET /?channel=a HTTP/1.1\r\nhost: x\r\n\r\n')
      return socket
    })
    await Promise.all(sockets.map((socket) => once(socket, 'data')))
    await events.publish('a', { data: 'hello' })
    for (const socket of sockets) socket.destroy()
    await until(() => events.sessions.size === 0)
  }
  await comeAndGo()
  const before = await inUse()
  // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
  for (let round = 0; round < 3; round += 1) await comeAndGo()
  const grown = (await inUse()) - before
  server.close()
  expect(grown / 300).toBeLessThan(2_000)
})

test('who is told of its client by a signal alone still is, when all else of the request is gone', async () => {
  const events = createEventServer({ ids: 'manual' })
  const gone = new AbortController()
  const open = (): Promise<Response> =>
    events.fetch(new Request('http://localhost/', { signal: gone.signal }))
  await open()
  await inUse()
  gone.abort()
  expect(events.sessions.size).toBe(0)
})

import { finiteReplay } from '@millrace/server'
import { EventSource } from 'eventsource'
import { array, assert, asyncProperty, nat } from 'fast-check'
import { createPool, json, multiplex, type Pool } from 'millrace'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startLiveServer, type LiveServer } from '../environment/live-server.ts'
import { rounds } from '../environment/rounds.ts'
import { until } from '../environment/until.ts'

let server: LiveServer
let pool: Pool
beforeEach(async () => {
  server = await startLiveServer({ replay: finiteReplay({ count: 10_000 }), retry: 1 })
  pool = createPool({ retry: { initialDelay: 1, maxDelay: 2 }, linger: 0 })
})
afterEach(async () => {
  pool.close()
  await server.close()
})

test('many readers are one connection, and every event of their channel reaches each of them', async () => {
  const ticks = pool.stream(server.url, { events: { tick: json<number>() } }).channel('a')
  const heard: number[][] = Array.from({ length: 50 }, () => [])
  for (const list of heard) ticks.on('tick', (event) => list.push(event.data))
  const sum = ticks.reduce('tick', (total: number, event) => total + event.data, 0)
  sum.subscribe(() => {})
  await until(() => ticks.status.value === 'open')
  for (let n = 1; n <= 100; n += 1) void server.events.publish('a', { event: 'tick', data: n })
  void server.events.publish('b', { event: 'tick', data: 1_000 })
  await until(() => sum.value === 5_050)
  const all = Array.from({ length: 100 }, (_, n) => n + 1)
  expect(heard).toEqual(heard.map(() => all))
  expect(server.requests).toEqual(['/events?channel=a'])
})

test('a broadcast reaches the readers of every channel', async () => {
  const stream = pool.stream(server.url)
  const heard: string[] = []
  stream.channel('a').on('message', (event) => heard.push(`a ${event.data}`))
  stream.on('message', (event) => heard.push(`whole ${event.data}`))
  await until(() => server.events.sessions.size === 2)
  await server.events.broadcast({ data: 'hello' })
  await until(() => heard.length === 2)
  expect(heard.toSorted()).toEqual(['a hello', 'whole hello'])
})

for (const transport of ['fetch', 'event-source'] as const) {
  test(`through drops under load, ${transport} hears each event exactly once, in order`, async () => {
    const stream = pool.stream(server.url, {
      transport,
      EventSource,
      events: { tick: json<number>() },
    })
    const heard: number[] = []
    stream.channel('a').on('tick', (event) => heard.push(event.data))
    await until(() => stream.status.value === 'open')
    const published: number[] = []
    for (let drop = 0; drop < rounds(50, 1_000); drop += 1) {
      for (let n = 0; n < 20; n += 1) {
        published.push(published.length)
        void server.events.publish('a', { event: 'tick', data: published.length - 1 })
      }
      // Some are on the wire, some are not: the server's word is what counts.
      // oxlint-disable-next-line no-await-in-loop
      await until(() => heard.length > published.length - 20)
      server.drop()
    }
    await until(() => heard.length >= published.length)
    expect(heard).toEqual(published)
  }, 120_000)
}

for (const transport of ['fetch', 'event-source'] as const) {
  test(`a drop before the first event loses nothing over ${transport}`, async () => {
    const stream = pool.stream(server.url, { transport, EventSource })
    const heard: string[] = []
    stream.on('message', (event) => heard.push(event.data))
    await until(() => stream.status.value === 'open')
    server.drop()
    await server.events.broadcast({ data: 'meanwhile' })
    await until(() => heard.length > 0)
    expect(heard).toEqual(['meanwhile'])
  })
}

test('multiplexed channels are one connection, and each event comes with its channel', async () => {
  const stream = pool.stream(server.url, { channels: multiplex() })
  const heard: string[] = []
  for (const name of ['pets', 'time', 'pets/dogs']) {
    stream.channel(name).on('x', (event) => heard.push(`${name}: ${event.channel} ${event.data}`))
  }
  await until(() => stream.status.value === 'open')
  await server.events.publish('pets/dogs', { event: 'x', data: 'Corgi' })
  await server.events.publish('time', { event: 'x', data: 'noon' })
  await server.events.publish('petshop', { event: 'x', data: 'closed' })
  await server.events.publish(['time', 'pets'], { event: 'x', data: 'both' })
  await until(() => heard.length === 5)
  expect(heard.toSorted()).toEqual([
    'pets/dogs: pets/dogs Corgi',
    'pets: pets/dogs Corgi',
    'pets: time both',
    'time: time both',
    'time: time noon',
  ])
  expect(server.requests).toEqual(['/events?channel=pets&channel=time'])
})

test('a channel that comes into use on a live connection loses nothing of the others', async () => {
  const stream = pool.stream(server.url, { channels: multiplex(), events: { n: json<number>() } })
  const heard: number[] = []
  stream.channel('a').on('n', (event) => heard.push(event.data))
  await until(() => stream.status.value === 'open')
  const all = Array.from({ length: 200 }, (_, n) => n)
  for (const n of all) {
    void server.events.publish('a', { event: 'n', data: n })
    if (n % 40 === 20) stream.channel(`late/${n}`).on('n', () => {})
    // oxlint-disable-next-line no-await-in-loop
    if (n % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => heard.length >= all.length)
  expect(heard).toEqual(all)
})

test('while channels come and go and connections break, who stays hears everything exactly once', async () => {
  await assert(
    asyncProperty(array(nat(5), { minLength: 20, maxLength: 60 }), async (moves) => {
      const market = pool.stream(server.url, {
        channels: multiplex(),
        events: { n: json<number>() },
      })
      const heard: number[] = []
      const parent: number[] = []
      const visitors: (() => void)[] = []
      market.channel('stay/here').on('n', (event) => heard.push(event.data))
      market.channel('stay').on('n', (event) => parent.push(event.data))
      const published: number[] = []
      for (const [index, move] of moves.entries()) {
        if (move < 2) {
          published.push(index)
          void server.events.publish('stay/here', { event: 'n', data: index })
        }
        if (move === 2) visitors.push(market.channel(`visit/${index}`).on('n', () => {}))
        if (move === 3) visitors.pop()?.()
        if (move === 4) server.drop()
        // oxlint-disable-next-line no-await-in-loop
        if (move === 5) await until(() => market.status.value === 'open')
      }
      await until(() => market.status.value === 'open')
      void server.events.publish('stay/here', { event: 'n', data: -1 })
      await until(() => heard.includes(-1))
      market.close()
      // What is published before the first head has come is nobody's yet.
      const first = published.indexOf(heard[0] ?? -1)
      const expected = [...(first === -1 ? [] : published.slice(first)), -1]
      expect(heard).toEqual(expected)
      expect(parent).toEqual(expected)
    }),
    { numRuns: rounds(15, 500) },
  )
}, 300_000)

test('the last reader leaving closes the connection at the server', async () => {
  const stop = pool.stream(server.url).on('message', () => {})
  await until(() => server.open() === 1)
  stop()
  await until(() => server.open() === 0 && server.events.sessions.size === 0)
  expect(pool.stream(server.url).status.value).toBe('idle')
})

test('a server that closes in order is come back to after the delay it asks for', async () => {
  const stream = pool.stream(server.url)
  stream.on('message', () => {})
  await until(() => stream.status.value === 'open')
  await server.events.close({ retry: 1 })
  await until(() => stream.error.value?.status === 503)
  expect(stream.status.value).toBe('waiting')
})

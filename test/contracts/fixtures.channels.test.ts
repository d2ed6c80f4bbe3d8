import { createPool, pathChannel, queryChannel, type Pool } from 'millrace'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../environment/until.ts'
import { capturesOf, type Capture } from './fixtures.captures.ts'
import expectations from './fixtures.expected.json' with { type: 'json' }

/** What each request is answered with, by path and query; the stream is left open. */
let answers: Map<string, readonly string[]>
let requests: { readonly url: string; readonly lastEventId: string | undefined }[]
let server: Server
let pool: Pool
let origin: string

beforeEach(async () => {
  answers = new Map()
  requests = []
  server = createServer((request, response) => {
    const { url = '', headers } = request
    requests.push({ url, lastEventId: headers['last-event-id'] as string | undefined })
    const chunks = answers.get(url)
    response.writeHead(chunks === undefined ? 404 : 200, { 'content-type': 'text/event-stream' })
    for (const chunk of chunks ?? []) response.write(chunk)
    if (chunks === undefined) response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  pool = createPool({ retry: { initialDelay: 1, maxDelay: 2 }, linger: 0 })
})
afterEach(async () => {
  pool.close()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

function serve(name: string): readonly Capture[] {
  const captures = capturesOf(name)
  for (const { request, chunks } of captures) {
    answers.set(
      request.path,
      chunks.map(({ text }) => text),
    )
  }
  return captures
}

test('sseserver: channels are paths, and a parent hears its children', async () => {
  serve('sseserver')
  const stream = pool.stream(`${origin}/subscribe`, { channels: pathChannel() })
  const heard = { pets: new Set<string>(), 'pets/dogs': new Set<string>(), time: new Set<string>() }
  for (const [name, types] of Object.entries(heard)) {
    stream.channel(name).on('*', ({ type, channel }) => types.add(`${type} of ${channel}`))
  }
  await until(() => Object.values(heard).every(({ size }) => size > 0) && heard.pets.size > 1)
  expect([...heard.pets].toSorted()).toEqual(['new-cat of pets', 'new-dog of pets'])
  expect([...heard['pets/dogs']]).toEqual(['new-dog of pets/dogs'])
  expect(requests.map(({ url }) => url).toSorted()).toEqual([
    '/subscribe/pets',
    '/subscribe/pets/dogs',
    '/subscribe/time',
  ])
})

test('sseserver: without ids there is nothing to resume from, and the gap is told', async () => {
  serve('sseserver')
  const gaps: string[] = []
  const stream = pool.stream(`${origin}/subscribe`, {
    channels: pathChannel({ cursorParam: false }),
    onGap: ({ reason }) => gaps.push(reason),
  })
  const dogs = stream.channel('pets').channel('dogs').history('new-dog', { limit: 2 })
  dogs.subscribe(() => {})
  const all = expectations['sseserver /subscribe/pets/dogs'].map(([, data]) => data)
  let received = 0
  stream.channel('pets/dogs').on('new-dog', () => (received += 1))
  await until(() => received === all.length)
  expect(dogs.value.map(({ data }) => data)).toEqual(all.slice(-2))
  server.closeAllConnections()
  await until(() => gaps.length === 1)
  expect(requests.map(({ lastEventId }) => lastEventId)).toEqual([undefined, undefined])
  expect(gaps).toEqual(['no-cursor'])
})

test('gosse: a broadcast carries no id, and leaves the cursor where it is', async () => {
  serve('gosse')
  const channel = pool.stream(`${origin}/`, { channels: queryChannel() }).channel('channel_1')
  const heard: string[] = []
  channel.on(['custom_event', 'message'], ({ data, lastEventId }) => {
    heard.push(`${data} at ${lastEventId}`)
  })
  await until(() => heard.includes('channel_1: 31 at 31'))
  expect(heard.slice(0, 4)).toEqual([
    'channel_1: 7 at 7',
    'broadcast: 9 at 7',
    'channel_1: 10 at 10',
    'broadcast: 12 at 10',
  ])
  server.closeAllConnections()
  await until(() => requests.length === 2)
  expect(requests.map(({ url, lastEventId }) => [url, lastEventId])).toEqual([
    ['/?channel=channel_1', undefined],
    ['/?channel=channel_1', '31'],
  ])
})

test('gosse: its counter starts at 1 again with the server, and every event is heard', async () => {
  serve('gosse')
  const channel = pool.stream(`${origin}/`).channel('channel_1')
  const heard: string[] = []
  channel.on('custom_event', ({ data, lastEventId }) => heard.push(`${lastEventId} ${data}`))
  await until(() => heard.includes('31 channel_1: 31'))
  const before = heard.length
  answers.set(
    '/?channel=channel_1',
    [1, 2, 7].map((id) => `event: custom_event\ndata: after the restart: ${id}\nid: ${id}\n\n`),
  )
  server.closeAllConnections()
  await until(() => heard.length === before + 3)
  expect(heard.slice(before)).toEqual([
    '1 after the restart: 1',
    '2 after the restart: 2',
    '7 after the restart: 7',
  ])
  answers.set('/?channel=channel_1', [': \n\n'])
  server.closeAllConnections()
  await until(() => requests.length === 3)
  expect(requests.at(-1)?.lastEventId).toBe('7')
})

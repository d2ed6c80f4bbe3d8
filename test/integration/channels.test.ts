import { byPath, finiteReplay } from '@millrace/server'
import { EventSource } from 'eventsource'
import { createPool, multiplex, pathChannel, text, type Pool } from 'millrace'
import { afterEach, expect, test } from 'vitest'
import { startLiveServer, type LiveServer } from '../environment/live-server.ts'
import { until } from '../environment/until.ts'

let server: LiveServer
let pool: Pool
afterEach(async () => {
  pool.close()
  await server.close()
})

async function start(options: Parameters<typeof startLiveServer>[0] = {}): Promise<void> {
  server = await startLiveServer({ replay: finiteReplay({ count: 1_000 }), retry: 1, ...options })
  pool = createPool({ retry: { initialDelay: 1, maxDelay: 2 }, linger: 0 })
}

test('a channel that comes into use hears what comes from then on, and the others miss nothing', async () => {
  await start()
  const stream = pool.stream(server.url, { channels: multiplex() })
  const heard: string[] = []
  stream.channel('a').on('x', ({ data }) => heard.push(`a ${data}`))
  await until(() => stream.status.value === 'open')
  await server.events.publish('a', { event: 'x', data: '1' })
  await until(() => heard.length === 1)
  await server.events.publish('b', { event: 'x', data: 'before anybody read it' })
  stream.channel('b').on('x', ({ data }) => heard.push(`b ${data}`))
  await server.events.publish('a', { event: 'x', data: '2' })
  await until(() => [...server.events.sessions].some(({ channels }) => channels.includes('b')))
  await server.events.publish('b', { event: 'x', data: '3' })
  await server.events.publish('a', { event: 'x', data: '4' })
  await until(() => heard.length === 4)
  expect(heard.toSorted()).toEqual(['a 1', 'a 2', 'a 4', 'b 3'])
  expect(server.requests).toEqual(['/events?channel=a', '/events?channel=a&channel=b&added=b'])
})

test('a channel that was added is resumed like any other after a break', async () => {
  await start()
  const stream = pool.stream(server.url, { channels: multiplex() })
  const heard: string[] = []
  stream.channel('a').on('x', ({ data }) => heard.push(data))
  await until(() => stream.status.value === 'open')
  await server.events.publish('a', { event: 'x', data: '1' })
  await until(() => heard.length === 1)
  stream.channel('b').on('x', ({ data }) => heard.push(data))
  await until(() => [...server.events.sessions].some(({ channels }) => channels.includes('b')))
  await server.events.publish('b', { event: 'x', data: '2' })
  await until(() => heard.length === 2)
  server.drop()
  await server.events.publish('b', { event: 'x', data: '3' })
  await until(() => heard.length === 3)
  expect(heard).toEqual(['1', '2', '3'])
  expect(server.requests.at(-1)).toBe('/events?channel=a&channel=b')
})

test('channels by path are connections of their own, and a parent hears its children', async () => {
  await start({ channels: byPath('/events') })
  const stream = pool.stream(server.url, { channels: pathChannel() })
  const heard: string[] = []
  for (const name of ['pets', 'pets/dogs', 'Zürich, 5 @ noon']) {
    stream.channel(name).on('x', ({ data, channel }) => heard.push(`${name}: ${data} ${channel}`))
  }
  await until(() => server.events.sessions.size === 3)
  await server.events.publish('pets/dogs', { event: 'x', data: 'Corgi' })
  await server.events.publish('Zürich, 5 @ noon', { event: 'x', data: 'bells' })
  await until(() => heard.length === 3)
  expect(heard.toSorted()).toEqual([
    'Zürich, 5 @ noon: bells Zürich, 5 @ noon',
    'pets/dogs: Corgi pets/dogs',
    'pets: Corgi pets/dogs',
  ])
  expect(server.requests.toSorted()).toEqual([
    '/events/Z%C3%BCrich%2C%205%20%40%20noon',
    '/events/pets',
    '/events/pets/dogs',
  ])
})

test('a parent that comes into use takes over from its children, and nothing is heard twice', async () => {
  await start()
  const stream = pool.stream(server.url, { channels: multiplex() })
  const heard: string[] = []
  for (const name of ['pets/dogs', 'pets/cats']) {
    stream.channel(name).on('x', ({ data }) => heard.push(`${name} ${data}`))
  }
  await until(() => stream.status.value === 'open')
  await server.events.publish('pets/dogs', { event: 'x', data: '1' })
  await until(() => heard.length === 1)
  stream.channel('pets').on('x', ({ data }) => heard.push(`pets ${data}`))
  await until(() => [...server.events.sessions].some(({ channels }) => channels.includes('pets')))
  await server.events.publish('pets/cats', { event: 'x', data: '2' })
  await until(() => heard.length === 3)
  expect(heard.toSorted()).toEqual(['pets 2', 'pets/cats 2', 'pets/dogs 1'])
  expect(server.requests.at(-1)).toBe('/events?channel=pets')
})

test("over a native EventSource, '*' hears the types of the map and message, by channel", async () => {
  await start()
  const stream = pool.stream(server.url, {
    transport: 'event-source',
    EventSource,
    channels: multiplex(),
    events: { dog: text, cat: text },
  })
  const heard: string[] = []
  stream.channel('pets').on('*', ({ type, data, channel }) => {
    heard.push(`${type} ${data} of ${channel}`)
  })
  await until(() => stream.status.value === 'open')
  await server.events.publish('pets/dogs', { event: 'dog', data: 'Corgi' })
  await server.events.publish('pets', { event: 'bird', data: 'unheard' })
  await server.events.publish('pets', { data: 'hello' })
  await server.events.publish('pets/cats', { event: 'cat', data: 'Persian' })
  await until(() => heard.length === 3)
  expect(heard).toEqual([
    'dog Corgi of pets/dogs',
    'message hello of pets',
    'cat Persian of pets/cats',
  ])
})

// What event servers have been seen to get wrong, each on real sockets.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { createEventServer, finiteReplay } from '@millrace/server'
import type { EventServer, EventServerOptions } from '@millrace/server'
import { serve } from '@millrace/server/node'
import { afterEach, expect, test, vi } from 'vitest'
import { until } from '../environment/until.ts'
import { Reader } from './reader.test.support.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end()
})

async function start<Data>(
  options: EventServerOptions<Data> = {},
): Promise<{ events: EventServer<Data>; url: string; port: number }> {
  const events = createEventServer(options)
  const { url, port, close } = await serve(events, { host: '127.0.0.1', grace: 0 })
  cleanUp.push(() => close())
  return { events, url, port }
}

async function open(url: string, headers?: Record<string, string>): Promise<Reader> {
  const reader = await Reader.open(url, headers)
  cleanUp.push(() => reader.leave())
  return reader
}

/** A client that asks and never reads. */
async function stuck(port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  cleanUp.push(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  return socket.pause()
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`)

test('the head and the first bytes are there before any event', async () => {
  const { url } = await start()
  const reader = await open(url)
  expect(reader.response.status).toBe(200)
  await until(() => reader.text !== '')
  expect(reader.text).toBe(': connected\n\n')
})

test('a client that stops reading stops nobody else, and is let go', async () => {
  const { events, url, port } = await start({ maxBacklog: 64 * 1024 })
  const reader = await open(`${url}/?channel=a`)
  await stuck(port, '/?channel=a')
  await until(() => events.sessions.size === 2)
  const block = 'x'.repeat(64 * 1024)
  for (let n = 0; n < 200; n++) {
    await events.publish('a', { data: block })
    await until(() => reader.events.length > n)
  }
  expect(reader.events).toHaveLength(200)
  expect(events.sessions.size).toBe(1)
})

test('clients that come and go while there is publishing hold nothing up', async () => {
  const { events, url } = await start()
  const witness = await open(`${url}/?channel=a`)
  for (let n = 0; n < 50; n++) {
    const guest = await open(`${url}/?channel=a`)
    const leaving = guest.leave()
    await events.publish('a', { data: `${n}` })
    await leaving
  }
  await until(() => witness.events.length === 50)
  expect(witness.data).toEqual(numbers(50))
  await until(() => events.sessions.size === 1)
})

test('nothing is lost or doubled between what is replayed and what is live', async () => {
  const { events, url } = await start({ replay: finiteReplay({ count: 1_000 }), epoch: 'e' })
  for (const data of numbers(100)) void events.publish('a', { data })
  const opening = open(`${url}/?channel=a`, { 'last-event-id': 'e-0' })
  let sent = 100
  for (; events.sessions.size === 0; sent++) {
    await events.publish('a', { data: `${sent}` })
    await new Promise(setImmediate)
  }
  for (const last = sent + 100; sent < last; sent++) void events.publish('a', { data: `${sent}` })
  const reader = await opening
  await until(() => reader.events.length >= sent)
  expect(reader.data).toEqual(numbers(sent))
})

test.each([
  'one\n\ntwo',
  '\n',
  ': no comment',
  'data: no field',
  'a\rb\r\nc',
  ' led by a space',
  '',
  'event: x\n\nid: 7',
])('data arrives as it was sent: %j', async (data) => {
  const { events, url } = await start()
  const reader = await open(`${url}/?channel=a`)
  await events.publish('a', { event: 'note', data })
  await until(() => reader.events.length > 0)
  expect(reader.events).toMatchObject([{ event: 'note', data: data.replaceAll(/\r\n?/g, '\n') }])
})

test.each([{ event: 'a\ndata: b' }, { id: 'a\ndata: b' }, { id: '7\0' }, { event: 'a\rb' }])(
  'what would start another field is an error to its publisher: %j',
  async (event) => {
    const { events, url } = await start({ onError: () => {} })
    const reader = await open(`${url}/?channel=a`)
    await expect(events.publish('a', { ...event, data: 'x' })).rejects.toMatchObject({
      code: 'invalid-event',
    })
    await events.publish('a', { data: 'after' })
    await until(() => reader.events.length > 0)
    expect(reader.data).toEqual(['after'])
  },
)

test('comments and retry times cannot start another field either', async () => {
  const { events, url } = await start({ onError: () => {} })
  const reader = await open(`${url}/?channel=a`)
  await events.publish('a', { comment: 'x\ndata: injected\n\n', data: 'meant' })
  const retry = '1\ndata: injected' as unknown as number
  await expect(events.publish('a', { retry })).rejects.toMatchObject({ code: 'invalid-event' })
  await until(() => reader.events.length > 0)
  expect(reader.data).toEqual(['meant'])
})

test('a channel hears what is below it, and not what merely begins like it', async () => {
  const { events, url } = await start()
  const reader = await open(`${url}/?channel=/pets`)
  await events.publish('/petshop', { data: 'shop' })
  await events.publish('/pets/dogs', { data: 'dogs' })
  await until(() => reader.events.length > 0)
  expect(reader.data).toEqual(['dogs'])
})

test('a burst of 10,000 in one turn drops nobody and loses nothing', async () => {
  const { events, url } = await start()
  const readers = await Promise.all([1, 2, 3].map(() => open(`${url}/?channel=a`)))
  for (const data of numbers(10_000)) void events.publish('a', { data })
  await until(() => readers.every((reader) => reader.events.length === 10_000))
  for (const reader of readers) expect(reader.data).toEqual(numbers(10_000))
})

test('who is up to date is sent nothing again, and whose id has expired is told', async () => {
  const { events, url } = await start({ replay: finiteReplay({ count: 3 }), epoch: 'e' })
  for (const data of numbers(10)) await events.publish('a', { data })
  const resume = (id: string): Promise<Reader> => open(`${url}/?channel=a`, { 'last-event-id': id })
  const [current, behind, expired] = [
    await resume('e-10'),
    await resume('e-8'),
    await resume('e-2'),
  ]
  await events.publish('a', { data: 'new' })
  const readers = [current, behind, expired]
  await until(() => readers.every((reader) => reader.data.at(-1) === 'new'))
  expect(current.data).toEqual(['new'])
  expect(behind.data).toEqual(['8', '9', 'new'])
  expect(expired.events.map(({ event, data }) => event ?? data)).toEqual(['millrace-reset', 'new'])
})

test('clients without a name have a place each, and one with a name is found by it', async () => {
  const { events, url } = await start({
    authorize: (request) => {
      const clientId = new URL(request.url).searchParams.get('as')
      return clientId === null ? {} : { clientId }
    },
  })
  const nameless = [await open(url), await open(url)]
  const ada = await open(`${url}/?as=ada`)
  expect(events.sessions.size).toBe(3)
  expect(events.sessions.find('ada')).toHaveLength(1)
  expect(events.sessions.send('ada', { data: 'for ada' })).toBe(1)
  await events.broadcast({ data: 'for all' })
  await until(() => [ada, ...nameless].every(({ data }) => data.includes('for all')))
  expect(ada.data).toEqual(['for ada', 'for all'])
  expect(nameless.map(({ data }) => data)).toEqual([['for all'], ['for all']])
})

test('a response has one status line, from its head to its end', async () => {
  const { events, port } = await start()
  const socket = await stuck(port, '/?channel=a')
  await until(() => events.sessions.size === 1)
  await events.publish('a', { data: 'last' })
  void events.close({ retry: 1 })
  let text = ''
  for await (const chunk of socket) {
    text += String(chunk)
    if (text.endsWith('\r\n0\r\n\r\n')) break
  }
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1)
  expect(text).toContain('data: last')
})

test('beforeSend sees every event, once, before it is sent', async () => {
  const beforeSend = vi.fn<NonNullable<EventServerOptions['beforeSend']>>((event) => event)
  const { events, url } = await start({ beforeSend })
  const readers = await Promise.all([open(`${url}/?channel=a`), open(`${url}/?channel=a`)])
  expect(beforeSend).not.toHaveBeenCalled()
  for (const data of numbers(3)) await events.publish('a', { data })
  await until(() => readers.every((reader) => reader.events.length === 3))
  expect(beforeSend.mock.calls.map(([{ data }]) => data)).toEqual(numbers(3))
})

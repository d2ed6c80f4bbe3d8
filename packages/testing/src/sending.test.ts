import { byPath, finiteReplay } from '@millrace/server'
import { afterEach, expect, test } from 'vitest'
import { fakeEventServer } from './index.ts'
import type { FakeEventServer, FakeEventServerOptions } from './index.ts'

const fakes: FakeEventServer[] = []

afterEach(async () => {
  await Promise.all(fakes.splice(0).map((events) => events.reset()))
})

function fake(options?: FakeEventServerOptions): FakeEventServer {
  const events = fakeEventServer('/events', options)
  fakes.push(events)
  return events
}

interface Listener {
  readonly data: string[]
  status?: number
  ended?: boolean
}

function listen(events: FakeEventServer, query = '', headers = {}): Listener {
  const listener: Listener = { data: [] }
  async function run(): Promise<void> {
    const response = await events.fetch(`/events${query}`, { headers })
    listener.status = response.status
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      const lines = decoder.decode(chunk).matchAll(/^data: (.*)$/gm)
      for (const [, data = ''] of lines) listener.data.push(data)
    }
    listener.ended = true
  }
  run().catch(() => {})
  return listener
}

test('send lets those who are on their way arrive', async () => {
  const events = fake()
  const listener = listen(events)
  await events.send({ data: 'a' })
  expect(listener.data).toEqual(['a'])
})

test('to send, drop or end with nobody there fails and says why', async () => {
  const events = fake()
  await expect(events.send({ data: 'a' })).rejects.toThrow(
    'Cannot send: nobody is connected to /events (no request has come). Do await connected() first, or say { allowNone: true }.',
  )
  await expect(events.sendRaw('data: a\n\n')).rejects.toMatchObject({ code: 'nobody-connected' })
  await expect(events.drop()).rejects.toMatchObject({ code: 'nobody-connected' })
  await expect(events.end()).rejects.toMatchObject({ code: 'nobody-connected' })
  await events.send({ data: 'a' }, { allowNone: true })
})

test('an error leads to the line of the test', async () => {
  const error: unknown = await fake()
    .send({ data: 'a' })
    .catch((cause: unknown) => cause)
  expect((error as Error).stack).toContain('sending.test.ts')
})

test('what replay keeps may be sent with nobody there, and comes to who resumes', async () => {
  const events = fake({ replay: finiteReplay({ count: 10 }) })
  for (const data of ['a', 'b', 'c']) await events.send({ data, id: data })
  const listener = listen(events, '', { 'last-event-id': 'a' })
  const [client] = await events.connected()
  expect(client?.lastEventId).toBe('a')
  expect(listener.data).toEqual(['b', 'c'])
})

test('a channel reaches who hears it, and an event that nobody there hears is an error', async () => {
  const events = fake()
  const [pets, dogs, all] = [
    listen(events, '?channel=pets'),
    listen(events, '?channel=pets/dogs'),
    listen(events),
  ]
  await events.connected({ count: 2, channel: 'pets/dogs' })
  await events.channel('pets/dogs').send({ data: 'Corgi' })
  await events.channel('pets').send({ data: 'any' })
  await events.send({ data: 'everyone' })
  expect(pets.data).toEqual(['Corgi', 'any', 'everyone'])
  expect(dogs.data).toEqual(['Corgi', 'everyone'])
  expect(all.data).toEqual(['everyone'])
  await expect(events.channel('cars').send({ data: 'x' })).rejects.toThrow(
    'Cannot send: nobody hears "cars" at /events (client 1 is connected (pets), client 2 is connected (pets/dogs), client 3 is connected).',
  )
})

test('a client is sent to, dropped and ended alone', async () => {
  const events = fake()
  const listeners = [listen(events), listen(events, '?channel=pets')]
  const [first, second] = await events.connected({ count: 2 })
  expect(second?.channels).toEqual(['pets'])
  expect(second?.headers).toBe(second?.request.headers)
  await first?.send({ data: 'for the first' })
  await first?.end()
  await second?.send({ data: 'for the second' })
  await second?.drop()
  expect(listeners.map(({ data }) => data)).toEqual([['for the first'], ['for the second']])
  expect(listeners.map(({ ended }) => ended)).toEqual([true, undefined])
  await first?.send({ data: 'too late' })
  expect(events.clients).toEqual([])
})

test('connected says what it saw when all is quiet', async () => {
  const events = fake()
  events.refuse({ status: 403 })
  listen(events)
  await expect(events.connected({ count: 2, channel: 'pets' })).rejects.toThrow(
    'Cannot see 2 clients connected to /events on channel "pets": all is quiet, and client 1 got 403. Do render what connects, or move its clock, before connected().',
  )
})

test('a stalled stream opens and hears raw bytes only', async () => {
  const events = fake()
  events.stall()
  const listener = listen(events)
  await events.connected()
  await events.send({ data: 'a' })
  expect(listener).toMatchObject({ status: 200, data: [] })
  await events.sendRaw('data: raw\n\n')
  expect(listener.data).toEqual(['raw'])
})

test('a comment reaches the wire and is no event', async () => {
  const events = fake()
  const response = await events.fetch('/events')
  const reader = response.body?.getReader()
  await reader?.read()
  await events.comment('hello\nworld')
  const { value } = (await reader?.read()) ?? {}
  expect(new TextDecoder().decode(value)).toBe(': hello\n: world\n\n')
})

test('the clients of before a reset are told that there is no more, new ones are let in', async () => {
  const events = fake()
  const [heard, silent] = [listen(events), listen(events)]
  await events.connected({ count: 2 })
  await events.clients[0]?.send({ data: 'a', id: 'of-mine' })
  const response = await events.fetch('/events')
  await events.reset()
  const farewell = await response.text()
  expect([heard.ended, silent.ended]).toEqual([true, true])
  const id = /^id: (.+)$/m.exec(farewell)?.[1] ?? ''
  expect(farewell).toMatch(/\nid: .+\n\n$/)
  const [again, fresh] = [listen(events, '', { 'last-event-id': id }), listen(events)]
  const [client] = await events.connected()
  expect([again.status, fresh.status]).toEqual([204, 200])
  expect(client?.number).toBe(2)
})

test('a client that was between two attempts at a reset is told so by the ids it has got', async () => {
  const events = fake()
  listen(events)
  await events.send({ data: 'a' })
  await events.drop()
  await events.reset()
  const again = listen(events, '', { 'last-event-id': 'fake-1' })
  await expect(events.connected()).rejects.toThrow('client 1 got 204')
  expect(again.status).toBe(204)
})

test('where a stream starts tells the clients of before a reset from new ones', async () => {
  const events = fake({ replay: finiteReplay({ count: 10 }) })
  const start = async (): Promise<string> => {
    const response = await events.fetch('/events')
    const { value } = (await response.body?.getReader().read()) ?? {}
    return /^id: (.+)$/m.exec(new TextDecoder().decode(value))?.[1] ?? ''
  }
  const before = await start()
  await events.drop()
  await events.reset()
  const after = await start()
  const returning = [before, after].map((id) => listen(events, '', { 'last-event-id': id }))
  await events.connected({ count: 2 })
  expect(returning.map(({ status }) => status)).toEqual([204, 200])
})

test('half an event is not finished by a reset', async () => {
  const events = fake()
  const response = await events.fetch('/events')
  const text = response.text()
  await events.sendRaw('data: half')
  await events.reset()
  expect(await text).toMatch(/data: half$/)
})

test('reset forgets refusals and the log', async () => {
  const events = fake()
  events.refuse({ status: 500 })
  await events.reset()
  expect(events.log).toEqual([])
  const listener = listen(events)
  await events.connected()
  expect(listener.status).toBe(200)
})

test('the log has everything that happened, in order', async () => {
  const events = fake()
  listen(events, '?channel=pets')
  await events.connected()
  void events.send({ data: 'a' })
  void events.sendRaw(':\n\n')
  void events.drop()
  await expect(events.connected()).rejects.toThrow('client 1 was dropped')
  expect(events.log).toMatchObject([
    { at: 1, kind: 'requested', client: 1, lastEventId: undefined },
    { at: 2, kind: 'opened', client: 1, channels: ['pets'] },
    { at: 3, kind: 'sent', event: { data: 'a' }, channel: undefined, clients: [1] },
    { at: 4, kind: 'wrote', clients: [1] },
    { at: 5, kind: 'closed', client: 1, reason: 'dropped' },
  ])
})

test('every option of the engine is taken', async () => {
  const seen: string[] = []
  const events = fakeEventServer('/subscribe/*', {
    channels: byPath('/subscribe'),
    authorize: async (request) => {
      await Promise.resolve()
      return request.headers.get('authorization') === 'yes'
        ? { clientId: 'me', data: 7 }
        : new Response('no', { status: 401 })
    },
    onConnect: (session) => void seen.push(`${session.clientId} ${session.data} connected`),
    onDisconnect: (_session, reason) => void seen.push(reason),
  })
  fakes.push(events)
  expect((await events.fetch('/subscribe/pets')).status).toBe(401)
  await events.fetch('/subscribe/pets', { headers: { authorization: 'yes' } })
  const [client] = await events.connected({ channel: 'pets' })
  await client?.end()
  expect(seen).toEqual(['me 7 connected', 'server'])
})

test('an event that does not fit the wire fails the send', async () => {
  const events = fake({ onError: () => {} })
  listen(events)
  await expect(events.send({ data: 'a', id: 'a\nb' })).rejects.toMatchObject({
    code: 'invalid-event',
  })
})

test('the fetch of a fake answers its own address only', async () => {
  await expect(fake().fetch('/other')).rejects.toMatchObject({ code: 'wrong-address' })
})

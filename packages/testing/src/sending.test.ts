import { byPath, finiteReplay } from '@millrace/server'
import { expect, test, vi } from 'vitest'
import { fakeEventServer } from './index.ts'
import { fake, listen, resume } from './listener.test.support.ts'

test('send lets those who are on their way arrive', async () => {
  const events = fake()
  const listener = listen(events)
  await events.send({ data: 'a' })
  expect(listener.data).toEqual(['a'])
})

test('to send, drop or end with nobody there fails and says why', async () => {
  const events = fake()
  await expect(events.send({ data: 'a' })).rejects.toThrow(
    'Cannot send: nobody is connected to /events (no request has come). Await connected() first, or say { allowNone: true }.',
  )
  await expect(events.sendRaw('data: a\n\n')).rejects.toMatchObject({ code: 'nobody-connected' })
  await expect(events.drop()).rejects.toMatchObject({ code: 'nobody-connected' })
  await expect(events.end()).rejects.toMatchObject({ code: 'nobody-connected' })
  await events.send({ data: 'a' }, { allowNone: true })
})

test('where what a network waits by is faked, an error says so', async () => {
  const events = fake()
  vi.useFakeTimers({ toFake: ['setImmediate', 'queueMicrotask', 'setTimeout'] })
  await expect(events.connected()).rejects.toThrow(
    'all is quiet, and no request has come, where setImmediate and queueMicrotask should be real (useFakeTimers of @millrace/testing/vitest sees to that).',
  )
  vi.useRealTimers()
  await expect(events.connected()).rejects.toThrow('and no request has come. Render')
})

test('an error leads to the line of the test', async () => {
  const error: unknown = await fake()
    .send({ data: 'a' })
    .catch((cause: unknown) => cause)
  expect((error as Error).stack).toContain('sending.test.ts')
})

test('an error of the engine leads to the line of the test, too', async () => {
  const events = fake({ onError: () => {} })
  listen(events)
  const error: unknown = await events
    .send({ data: 'a', id: 'a\nb' })
    .catch((cause: unknown) => cause)
  expect((error as Error).stack).toContain('sending.test.ts')
  expect((error as Error).stack).toContain('encode.ts')
})

test('what replay keeps may be sent with nobody there, and comes to who resumes', async () => {
  const events = fake({ replay: finiteReplay({ count: 10 }) })
  for (const data of ['a', 'b', 'c']) await events.send({ data, id: data })
  const listener = resume(events, 'a')
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
    'Cannot see 2 clients connected to /events on channel "pets": all is quiet, and client 1 got 403. Render what connects, or move its clock, before connected().',
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
  expect((await events.fetch('/subscribe/pets')).status).toBe(401)
  await events.fetch('/subscribe/pets', { headers: { authorization: 'yes' } })
  const [client] = await events.connected({ channel: 'pets' })
  await client?.end()
  expect(seen).toEqual(['me 7 connected', 'server'])
  await events.reset()
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

for (const status of [0, 100, 199, 600, Number.NaN]) {
  test(`a refusal with the status ${status} is an error at the call`, () => {
    const events = fake()
    expect(() => events.refuse({ status })).toThrow(`Cannot refuse with status ${status}:`)
    expect(events.log).toEqual([])
  })
}

test('a refusal with a header of two lines is an error at the call', () => {
  const headers = { 'retry-after': '1\n2' }
  expect(() => fake().refuse({ status: 503, headers })).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  )
})

for (const status of [204, 205, 304]) {
  test(`a refusal with the status ${status} has no body`, async () => {
    const events = fake()
    events.refuse({ status, body: 'none' })
    const response = await events.fetch('/events')
    expect([response.status, response.body]).toEqual([status, null])
  })
}

test('a channel is the same with slashes around its name', async () => {
  const events = fake()
  const listener = listen(events, '?channel=pets')
  await events.connected({ channel: '/pets' })
  await events.channel('pets/').send({ data: 'a' })
  expect(listener.data).toEqual(['a'])
  expect(events.log.at(-1)).toMatchObject({ kind: 'sent', channel: 'pets', clients: [1] })
})

test('a channel without a name is an error at the call', async () => {
  const events = fake()
  expect(() => events.channel('')).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  await expect(events.connected({ channel: '//' })).rejects.toMatchObject({
    code: 'invalid-argument',
  })
})

test('a client is one object, however often one looks', async () => {
  const events = fake()
  listen(events)
  const [client] = await events.connected()
  expect(events.clients[0]).toBe(client)
})

test('options that are undefined are as if they were left out', async () => {
  const options: object = { keepAlive: undefined, cors: undefined, epoch: undefined }
  const events = fake(options)
  const response = await events.fetch('/events', { headers: { origin: 'https://a.test' } })
  const { value } = (await response.body?.getReader().read()) ?? {}
  expect(response.headers.get('access-control-allow-origin')).toBe('https://a.test')
  expect(new TextDecoder().decode(value)).not.toContain(':')
})

test('a request is waited for however long authorize takes its turns', async () => {
  const authorize = async (): Promise<object> => {
    for (let turns = 0; turns < 3_000; turns += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one turn after the other
      await new Promise((resolve) => void setImmediate(resolve))
    }
    return {}
  }
  const events = fake({ authorize })
  const listener = listen(events)
  await events.send({ data: 'a' })
  expect(listener.data).toEqual(['a'])
})

test('a request that authorize does not answer is given up, and may still be answered', async () => {
  const { promise, resolve } = Promise.withResolvers<object>()
  const events = fake({ authorize: () => promise })
  const listener = listen(events)
  await expect(events.connected()).rejects.toThrow(/client 1 is waiting for authorize/)
  resolve({})
  await events.send({ data: 'a' })
  expect(listener.data).toEqual(['a'])
})

test('what is sent after half an event is an error and is not sent', async () => {
  const events = fake()
  const listener = listen(events)
  const [client] = await events.connected()
  await events.sendRaw('data: half')
  const torn = { code: 'half-an-event' }
  await expect(events.send({ data: 'a' })).rejects.toMatchObject(torn)
  await expect(events.comment('a')).rejects.toMatchObject(torn)
  await expect(client?.send({ data: 'a' })).rejects.toMatchObject(torn)
  await events.sendRaw(' of it\n\n')
  await events.send({ data: 'whole' })
  expect(listener.text).toMatch(/^\ndata: half of it\n\nid: fake-1\ndata: whole\n\n$/)
})

test('a comment does not reach a stream that is stalled', async () => {
  const events = fake()
  events.stall()
  const stalled = listen(events)
  await events.connected()
  events.accept()
  const open = listen(events)
  await events.comment('here')
  expect([stalled.text, open.text]).toEqual(['', '\n: here\n\n'])
})

test('a request that its fetch was given for another address is told of', async () => {
  const events = fakeEventServer('https://example.com/events')
  await expect(events.fetch('https://example.com/other')).rejects.toThrow('at another address')
  await expect(events.connected()).rejects.toThrow(
    'no request has come, but one for https://example.com/other, which is another address',
  )
  await events.reset()
  await expect(events.connected()).rejects.toThrow('no request has come. Render')
})

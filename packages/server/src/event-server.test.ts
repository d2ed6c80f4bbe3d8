import { expect, test, vi } from 'vitest'
import { connect, open } from '../test/connect.ts'
import type { ServerEvent } from './encode.ts'
import { EventServerError } from './error.ts'
import { createEventServer } from './event-server.ts'
import type { DisconnectReason, Session } from './session.ts'

test('a channel and its parents hear an event, nobody else does', async () => {
  const events = createEventServer({ ids: 'manual' })
  const paths = ['pets/dogs', 'pets', 'petshop', 'pets/cats', 'pets/dogs/corgi']
  const streams = await Promise.all(paths.map((name) => connect(events, `/?channel=${name}`)))
  void events.publish('pets/dogs', { data: 'Corgi' })
  void events.broadcast({ data: 'end' })
  const end = 'data: end\n\n'
  const heard = await Promise.all(streams.map((stream) => stream.read()))
  expect(heard).toEqual([`data: Corgi\n\n${end}`, `data: Corgi\n\n${end}`, end, end, end])
})

test('who asks for no channel hears broadcasts only', async () => {
  const events = createEventServer({ ids: 'manual' })
  const stream = await connect(events)
  void events.publish('pets', { data: 'no' })
  void events.broadcast({ data: 'yes' })
  expect(await stream.read()).toBe('data: yes\n\n')
})

test('a session gets an event once, however many of its channels it goes to', async () => {
  const events = createEventServer({ epoch: 'e' })
  const stream = await connect(events, '/?channel=a&channel=b&channel=a/c')
  void events.publish(['a', 'a/c', 'b', 'x', 'a'], { data: '1' })
  expect(await stream.read()).toBe('id: a,a/c,b@e-1\ndata: 1\n\n')
})

test('labels differ by what a session could not tell apart', async () => {
  const events = createEventServer({ epoch: 'e' })
  const own = await connect(events, '/?channel=a/b')
  const parent = await connect(events, '/?channel=a')
  const several = await connect(events, '/?channel=a/b&channel=c')
  void events.publish('a/b', { data: '1' })
  void events.broadcast({ data: '2' })
  expect(await own.read()).toBe('id: e-1\ndata: 1\n\nid: e-2\ndata: 2\n\n')
  expect(await parent.read()).toBe('id: a/b@e-1\ndata: 1\n\nid: e-2\ndata: 2\n\n')
  expect(await several.read()).toBe('id: a/b@e-1\ndata: 1\n\nid: @e-2\ndata: 2\n\n')
})

test('an event is encoded once for all who see it alike', async () => {
  const encode = vi.fn<(event: ServerEvent) => string>(() => 'data: x\n\n')
  const events = createEventServer({ encode })
  for (let n = 0; n < 10; n++) await connect(events, '/?channel=a')
  encode.mockClear()
  await events.publish('a', { data: { is: 'kept raw' } })
  expect(encode).toHaveBeenCalledOnce()
  expect(encode).toHaveBeenCalledWith(expect.objectContaining({ data: { is: 'kept raw' } }))
})

test('publish resolves to the id that clients see', async () => {
  const events = createEventServer({ epoch: 'e' })
  expect(await events.publish('a', { data: '1' })).toEqual({ id: 'e-1' })
  expect(await events.broadcast({ data: '1', id: 'mine' })).toEqual({ id: 'mine' })
  expect(await createEventServer({ ids: 'manual' }).broadcast({})).toEqual({ id: undefined })
})

test('ids of another run differ', async () => {
  const [a, b] = [createEventServer(), createEventServer()]
  expect(await a.broadcast({})).not.toEqual(await b.broadcast({}))
})

test('all of a turn leaves as one chunk, in order, private events among the others', async () => {
  const events = createEventServer({ ids: 'manual' })
  const [one, other] = [await connect(events, '/?channel=a'), await connect(events, '/?channel=a')]
  const [session] = events.sessions
  void events.publish('a', { data: '1' })
  session?.send({ data: 'private' })
  void events.publish('a', { data: '2' })
  session?.send({ data: 'too' })
  expect(await one.read()).toBe('data: 1\n\ndata: private\n\ndata: 2\n\ndata: too\n\n')
  expect(await other.read()).toBe('data: 1\n\ndata: 2\n\n')
  void events.publish('a', { data: '3' })
  expect(await one.read()).toBe('data: 3\n\n')
  expect(await other.read()).toBe('data: 3\n\n')
})

test('who comes in the middle of a turn gets what is published after, and not what was before', async () => {
  const events = createEventServer({ ids: 'manual' })
  const early = await connect(events, '/?channel=a')
  void events.publish('a', { data: '1' })
  const late = open(events, '/?channel=a')
  void events.publish('a', { data: '2' })
  expect(await early.read()).toBe('data: 1\n\ndata: 2\n\n')
  expect(await (await late).read()).toBe(': connected\n\ndata: 2\n\n')
})

test('a burst of 10,000 in one turn loses nothing and keeps its order', async () => {
  const events = createEventServer({ ids: 'manual' })
  const stream = await connect(events, '/?channel=a')
  const filler = 'x'.repeat(200)
  for (let n = 0; n < 10_000; n++) void events.publish('a', { data: `${n} ${filler}` })
  const lines = (await stream.read())?.split('\n\n') ?? []
  expect(lines.slice(0, -1).map((line) => Number(line.split(' ')[1]))).toEqual([
    ...Array(10_000).keys(),
  ])
})

test('a burst in one turn is no fault of its reader, however it is published', async () => {
  const events = createEventServer({ ids: 'manual', maxBacklog: 1000 })
  const stream = await connect(events, '/?channel=a')
  for (let n = 0; n < 100; n++) await events.publish('a', { data: 'x'.repeat(92) })
  const text = stream.rest()
  await new Promise(setImmediate)
  await events.close()
  expect(await text).toHaveLength(10_000)
})

test('one who does not read is let go, and the others miss nothing', async () => {
  const reasons: DisconnectReason[] = []
  const events = createEventServer({
    ids: 'manual',
    maxBacklog: 1000,
    onDisconnect: (_, reason) => reasons.push(reason),
  })
  const reading = await connect(events, '/?channel=a')
  const stuck = await open(events, '/?channel=a')
  const heard: string[] = []
  for (let n = 0; n < 20; n++) {
    await events.publish('a', { data: `${n}`.padEnd(92) })
    heard.push((await reading.read()) ?? '')
    await new Promise(setImmediate)
  }
  expect(heard.map((text) => Number.parseInt(text.slice(6), 10))).toEqual([...Array(20).keys()])
  expect(reasons).toEqual(['slow'])
  expect(events.sessions.size).toBe(1)
  await expect(stuck.rest()).rejects.toMatchObject({ code: 'slow' })
})

test('clients that come and go while others are published to disturb nobody', async () => {
  const events = createEventServer({ ids: 'manual' })
  const witness = await connect(events, '/?channel=a')
  let seen = ''
  for (let n = 0; n < 100; n++) {
    const guest = await open(events, '/?channel=a')
    void events.publish('a', { data: `${n}` })
    const leaving = guest.leave()
    seen += await witness.read()
    await leaving
  }
  expect(seen).toBe(Array.from({ length: 100 }, (_, n) => `data: ${n}\n\n`).join(''))
  expect(events.sessions.size).toBe(1)
})

test('a client that cancels has left', async () => {
  const onDisconnect = vi.fn<(session: Session, reason: DisconnectReason) => void>()
  const events = createEventServer({ onDisconnect })
  const stream = await connect(events)
  const [session] = events.sessions
  await stream.leave()
  expect(onDisconnect).toHaveBeenCalledExactlyOnceWith(session, 'client')
  expect(session?.closed).toBe(true)
  expect(events.sessions.size).toBe(0)
})

test('a client whose request is aborted has left, once', async () => {
  const onDisconnect = vi.fn<(session: Session, reason: DisconnectReason) => void>()
  const events = createEventServer({ onDisconnect })
  const abort = new AbortController()
  const stream = await connect(events, '/', { signal: abort.signal })
  abort.abort()
  await expect(stream.read()).rejects.toThrow(/abort/)
  await stream.leave().catch(() => {})
  expect(onDisconnect).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'client')
})

test('a session closed here ends after what was sent', async () => {
  const onDisconnect = vi.fn<(session: Session, reason: DisconnectReason) => void>()
  const events = createEventServer({ ids: 'manual', onDisconnect })
  const stream = await connect(events, '/?channel=a')
  const other = await connect(events, '/?channel=a')
  const [session] = events.sessions
  void events.publish('a', { data: '1' })
  session?.send({ data: 'bye' })
  session?.close()
  session?.close()
  session?.send({ data: 'never' })
  void events.publish('a', { data: '2' })
  expect(await stream.rest()).toBe('data: 1\n\ndata: bye\n\n')
  expect(await other.read()).toBe('data: 1\n\ndata: 2\n\n')
  expect(onDisconnect).toHaveBeenCalledExactlyOnceWith(session, 'server')
})

test('a client is found by its id, with all its sessions', async () => {
  const events = createEventServer({
    ids: 'manual',
    authorize: (request) => ({ clientId: new URL(request.url).pathname }),
  })
  const tabs = [await connect(events, '/ada'), await connect(events, '/ada')]
  const bob = await connect(events, '/bob')
  expect(events.sessions.find('/ada')).toHaveLength(2)
  expect(events.sessions.send('/ada', { data: 'hello' })).toBe(2)
  expect(await Promise.all(tabs.map((tab) => tab.read()))).toEqual([
    'data: hello\n\n',
    'data: hello\n\n',
  ])
  const [session] = events.sessions.find('/bob')
  expect(events.sessions.get(session?.id ?? '')).toBe(session)
  await bob.leave()
  expect(events.sessions.find('/bob')).toEqual([])
  expect(events.sessions.send('/bob', { data: 'nobody' })).toBe(0)
})

test('who hears a channel is present there', async () => {
  const events = createEventServer()
  for (const name of ['pets', 'pets/dogs', 'petshop', 'pets/cats']) {
    await connect(events, `/?channel=${name}`)
  }
  const present = (name: string): string[] =>
    events.sessions.hearing(name).map(({ channels }) => channels.join())
  expect(present('pets/dogs')).toEqual(['pets', 'pets/dogs'])
  expect(present('/pets')).toEqual(['pets'])
  expect(present('cars')).toEqual([])
  expect(() => present('a//b')).toThrow(EventServerError)
})

test.each([
  ['a line end in the id', 'a', { id: 'a\nb' }, 'invalid-event'],
  ['a broken channel', 'a//b', {}, 'invalid-channel'],
  ['no channel at all', [], {}, 'invalid-channel'],
])('publishing %s rejects, is reported, and reaches nobody', async (_, channels, event, code) => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({ ids: 'manual', onError })
  const stream = await connect(events, '/?channel=a')
  void events.publish(channels, { ...event, data: 'bad' })
  await expect(events.publish(channels, { ...event, data: 'bad' })).rejects.toThrow(
    EventServerError,
  )
  void events.publish('a', { data: 'good' })
  expect(await stream.read()).toBe('data: good\n\n')
  expect(onError).toHaveBeenCalledTimes(2)
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code }))
})

test('an encoder that fails is an error to the publisher', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({
    onError,
    encode: () => {
      throw new Error('boom')
    },
  })
  void events.fetch(new Request('http://localhost/?channel=a'))
  await expect(events.publish('a', {})).rejects.toMatchObject({ code: 'encode-failed' })
})

test.each([undefined, 5, Promise.resolve('data: x')])(
  'an encoder that gives %j has failed',
  async (wire) => {
    const encode = (): string => wire as never
    const events = createEventServer({ onError: () => {}, encode })
    void events.fetch(new Request('http://localhost/?channel=a'))
    await expect(events.publish('a', {})).rejects.toThrow(
      'Cannot encode an event: encode gave no string, at once. Mend encode.',
    )
  },
)

test('a bad event for one session throws to its sender', async () => {
  const events = createEventServer()
  await connect(events)
  expect(() => [...events.sessions][0]?.send({ id: '\n' })).toThrow(EventServerError)
})

test('members can be passed bare', async () => {
  const { fetch, publish, close } = createEventServer({ ids: 'manual' })
  const stream = await connect({ fetch }, '/?channel=a')
  await publish('a', { data: '1' })
  await close()
  expect(await stream.rest()).toBe('data: 1\n\n')
})

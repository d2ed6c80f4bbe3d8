import { expect, test } from 'vitest'
import { connect, resumeFrom } from '../test/connect.ts'
import { cleanUp, listen } from '../test/listen.ts'
import { createEventServer } from './event-server.ts'
import { finiteReplay } from './log/finite-replay.ts'
import { validReplay } from './log/valid-replay.ts'
import { localProvider } from './provider.ts'
import type { Session } from './session.ts'

test('an event counts once as published and once for each session that gets it', async () => {
  const events = createEventServer({ clock: at(7) })
  const streams = [await connect(events, '/?channel=a'), await connect(events, '/?channel=a')]
  await connect(events)
  await events.publish('a', { data: '1' })
  await events.publish('nobody', { data: '2' })
  await events.broadcast({ data: '3' })
  for (const stream of streams) await stream.read()
  expect(events.stats).toMatchObject({ startedAt: 7, published: 3, delivered: 5, dropped: 0 })
  expect([...events.sessions].map(({ sent }) => sent)).toEqual([2, 2, 1])
})

test('what is for one session alone, and what is replayed, counts as delivered', async () => {
  const events = createEventServer({ epoch: 'e', replay: finiteReplay({ count: 9 }) })
  for (let n = 0; n < 3; n++) await events.publish('a', { data: `${n}` })
  const stream = await connect(events, '/?channel=a', resumeFrom('e-1'))
  const [session] = events.sessions
  session?.send({ data: 'private' })
  await stream.read()
  expect([session?.sent, events.stats.delivered, events.stats.published]).toEqual([3, 3, 3])
})

test('what a session left unread when it was let go is dropped, the rest is not', async () => {
  const events = createEventServer({ ids: 'manual', maxBacklog: 250 })
  const stuck = await connect(events, '/?channel=a')
  const [session] = events.sessions as Iterable<Session>
  for (let n = 0; n < 5; n++) {
    await events.publish('a', { data: 'x'.repeat(92) })
    await new Promise(setImmediate)
  }
  expect(session?.closed).toBe(true)
  expect(events.stats).toMatchObject({ delivered: 4, dropped: 4 })
  await expect(stuck.rest()).rejects.toMatchObject({ code: 'slow' })
})

test('a client that leaves with everything read drops nothing', async () => {
  const events = createEventServer({ ids: 'manual' })
  const stream = await connect(events, '/?channel=a')
  await events.publish('a', { data: '1' })
  await stream.read()
  await stream.leave()
  expect(events.stats).toMatchObject({ delivered: 1, dropped: 0 })
})

test('the backlog of a session is what its connection has not taken', async () => {
  const { promise: sent, resolve: onSend } = Promise.withResolvers()
  const events = createEventServer({ ids: 'manual', onSend })
  const stream = await connect(events, '/?channel=a')
  const [session] = events.sessions
  void events.publish('a', { data: '1' })
  await sent
  expect(session?.backlog).toBe('data: 1\n\n'.length)
  await stream.read()
  expect(session?.backlog).toBe(0)
})

test('a replay tells its size until it fails', async () => {
  const log = finiteReplay({ count: 2 })
  const { stats, publish } = createEventServer({ replay: log })
  for (let n = 0; n < 5; n++) await publish('a', { data: 'x'.repeat(100) })
  expect(stats.replay?.count).toBe(2)
  expect(stats.replay?.bytes).toBeGreaterThan(200)
  expect(stats.replay).toEqual(log.size?.())
  const put = (): never => {
    throw new Error('disk full')
  }
  const failing = createEventServer({ replay: { ...log, put }, onError: () => {} })
  expect(failing.stats.replay?.count).toBe(2)
  await failing.publish('a', {})
  expect(failing.stats.replay).toBeUndefined()
  expect(createEventServer().stats.replay).toBeUndefined()
})

test('a replay that has aged is smaller when next it is asked', async () => {
  let now = 0
  const events = createEventServer({
    clock: { ...at(0), now: () => now },
    replay: validReplay({ ttl: 10 }),
  })
  await events.publish('a', { data: '1' })
  now = 10
  await events.publish('a', { data: '2' })
  expect(events.stats.replay?.count).toBe(1)
})

test('a provider that tells its state has it shown', () => {
  const state = { status: 'ready', since: 0, error: undefined, waiting: 0 } as const
  const provider = { ...localProvider({ now: Date.now }), state }
  expect(createEventServer({ provider }).stats.provider).toBe(state)
  expect(createEventServer().stats.provider).toBeUndefined()
})

test('the Node adapter tells whence a session comes, and the application may know better', async () => {
  const seen = createEventServer()
  const behind = createEventServer({
    remoteAddress: ({ headers }) => headers.get('x-real-ip') ?? undefined,
  })
  const headers = { 'x-real-ip': '192.0.2.7', 'user-agent': 'x'.repeat(1000) }
  for (const events of [seen, behind]) {
    const response = await fetch(await listen(events), { headers })
    cleanUp.push(() => response.body?.cancel())
  }
  const [direct] = seen.sessions
  const [proxied] = behind.sessions
  expect(direct?.remoteAddress).toBe('127.0.0.1')
  expect(direct?.userAgent).toBe('x'.repeat(256))
  expect(proxied?.remoteAddress).toBe('192.0.2.7')
})

function at(time: number) {
  return { now: () => time, setTimeout: () => 0, clearTimeout: () => {} }
}

import { expect, test } from 'vitest'
import { Listener } from '../environment/listener.ts'
import { redisIsOurs } from '../environment/redis.ts'
import { redisRoom } from './room.ts'

// What a process does while it cannot reach Redis, and when it can again.

const room = redisRoom({ durable: true })
const data = (n: number): { data: string } => ({ data: String(n) })

test('a process tells how it stands with Redis, and reports each absence once', async () => {
  const { provider, events, errors, statuses, is } = room.startBehindPassage()
  expect(events.stats.provider).toMatchObject({ status: 'connecting', error: undefined })
  await is('ready')
  room.passage.cut()
  await is('away')
  expect(provider.state.error).toMatchObject({ code: 'provider-away' })
  expect(provider.state.error?.message).toMatch(/^Cannot follow the stream "test:.+See to Redis: /)
  room.passage.mend()
  await is('ready')
  expect(provider.state.error).toBeUndefined()
  expect(events.stats.provider?.since).toBeGreaterThanOrEqual(events.stats.startedAt)
  await events.close()
  expect(statuses).toEqual(['ready', 'away', 'ready', 'closed'])
  expect(errors).toHaveLength(1)
  expect(errors[0]?.code).toBe('provider-away')
})

test('while Redis is away a publish is rejected, and told why', async () => {
  const { events, is } = room.startBehindPassage()
  await is('ready')
  room.passage.cut()
  await is('away')
  const rejected = events.publish('a', data(1))
  await expect(rejected).rejects.toMatchObject({ code: 'provider-away' })
  await expect(rejected).rejects.toThrow(
    /^Cannot publish: Redis is away \(.+\)\. Publish again when/,
  )
  room.passage.mend()
  await is('ready')
  expect(await events.publish('a', data(2))).toMatchObject({ id: expect.stringMatching(/-1$/) })
})

test('where the answer to a publish is lost, its publisher is told that nobody can tell', async () => {
  const { events, is } = room.startBehindPassage()
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  const lost = room.passage.loseAnswer()
  const first = events.publish('a', data(1))
  await lost
  await expect(first).rejects.toMatchObject({ code: 'publish-unconfirmed' })
  await expect(first).rejects.toThrow(
    /^Cannot tell whether the event is published: Redis's answer was lost/,
  )
  await is('away')
  await is('ready')
  await events.publish('a', data(2))
  await listener.hears(2)
  expect(listener.data).toEqual(['1', '2'])
})

test('with whenAway queue, what is published waits for Redis, in order', async () => {
  const { provider, events, is } = room.startBehindPassage({ whenAway: 'queue', maxQueue: 3 })
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  room.passage.cut()
  await is('away')
  const waiting = [1, 2, 3].map((n) => events.publish('a', data(n)))
  await expect(events.publish('a', data(4))).rejects.toMatchObject({
    code: 'provider-away',
    message: expect.stringMatching(
      /^Cannot publish: Redis is not there, and 3 events wait for it already/,
    ),
  })
  expect(provider.state.waiting).toBe(3)
  room.passage.mend()
  const ids = (await Promise.all(waiting)).map(({ id }) => id)
  expect(provider.state.waiting).toBe(0)
  await listener.hears(3)
  expect(listener.heard.map(({ id, data: text }) => [id, text])).toEqual(
    ids.map((id, at) => [id, String(at + 1)]),
  )
})

test('an answer that is lost is found again: nothing is doubled, and the id is the one that clients see', async () => {
  const { events, is } = room.startBehindPassage({ whenAway: 'queue' })
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  const lost = room.passage.loseAnswer()
  const published = [1, 2].map((n) => events.publish('a', data(n)))
  await lost
  const ids = (await Promise.all(published)).map(({ id }) => id)
  await is('ready')
  await events.publish('a', data(3))
  await listener.hears(3)
  expect(listener.data).toEqual(['1', '2', '3'])
  expect(listener.heard.slice(0, 2).map(({ id }) => id)).toEqual(ids)
})

test('an append that arrives after it was sent again is not doubled', async () => {
  const { events } = room.startBehindPassage({ whenAway: 'queue' })
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  const held = room.passage.holdAppend()
  const published = events.publish('a', data(1))
  const arrive = await held
  await published
  await arrive()
  await events.publish('a', data(2))
  await listener.hears(2)
  expect(listener.data).toEqual(['1', '2'])
})

test('a batch that was lost for longer than the stream reaches back is nobody’s to confirm', async () => {
  const { events, errors } = room.startBehindPassage({ whenAway: 'queue', count: 10 })
  const other = room.start({ count: 10 })
  await events.publish('a', data(1))
  const lost = room.passage.loseAnswer()
  const published = events.publish('a', data(2))
  await lost
  room.passage.cut()
  await Promise.all(Array.from({ length: 300 }, (_, n) => other.events.publish('a', data(n))))
  room.passage.mend()
  await expect(published).rejects.toMatchObject({ code: 'publish-unconfirmed' })
  await expect(published).rejects.toThrow(/the stream was trimmed meanwhile/)
  expect(errors.map(({ code }) => code)).toEqual(['provider-away', 'publish-unconfirmed'])
})

test('before Redis is there for the first time, publishes wait and streams wait to open', async () => {
  room.passage.cut()
  const { events, is, statuses } = room.startBehindPassage({ whenAway: 'queue' })
  const listener = new Listener('/?channel=a')
  const open = listener.connect(events)
  const published = events.publish('a', data(1))
  await is('away')
  expect(events.sessions.size).toBe(0)
  room.passage.mend()
  await Promise.all([open, published])
  await events.publish('a', data(2))
  await listener.hears(1)
  expect(listener.data.at(-1)).toBe('2')
  expect(statuses).toEqual(['away', 'ready'])
})

test('a publish at start waits to see whether Redis is there', async () => {
  const there = room.startBehindPassage()
  expect(await there.events.publish('a', data(1))).toMatchObject({ id: expect.any(String) })
  room.passage.cut()
  const alone = room.startBehindPassage()
  await expect(alone.events.publish('a', data(1))).rejects.toMatchObject({ code: 'provider-away' })
})

test('who comes to a process that lags behind what it has heard waits, and hears nothing twice', async () => {
  const lagging = room.startBehindPassage()
  const other = room.start()
  const listener = new Listener('/?channel=a')
  await listener.connect(other.events)
  await lagging.is('ready')
  await other.events.publish('a', data(1))
  await listener.hears(1)
  room.passage.cut()
  await lagging.is('away')
  for (const n of [2, 3]) await other.events.publish('a', data(n))
  await listener.hears(3)
  await listener.leave()
  for (const n of [4, 5]) await other.events.publish('a', data(n))
  await listener.connect(lagging.events)
  room.passage.mend()
  await listener.hears(5)
  await other.events.publish('a', data(6))
  await listener.hears(6)
  expect(listener.data).toEqual(['1', '2', '3', '4', '5', '6'])
})

test('closing while Redis is away tells who waits, and leaves nothing behind', async () => {
  const { events, provider, is } = room.startBehindPassage({ whenAway: 'queue' })
  await is('ready')
  room.passage.cut()
  await is('away')
  const waiting = events.publish('a', data(1))
  await provider.close()
  await expect(waiting).rejects.toMatchObject({ code: 'closed' })
  expect(provider.state).toMatchObject({ status: 'closed', waiting: 0 })
  await expect(events.publish('a', data(2))).rejects.toMatchObject({ code: 'closed' })
})

test('what is under way at a close is nobody’s to confirm', async () => {
  const { events, provider, is } = room.startBehindPassage({ whenAway: 'queue' })
  await is('ready')
  const held = room.passage.holdAppend()
  const published = events.publish('a', data(1))
  await held
  await provider.close()
  await expect(published).rejects.toMatchObject({ code: 'publish-unconfirmed' })
})

test.runIf(redisIsOurs)(
  'a Redis that does not answer is away; what it had taken is not doubled',
  async () => {
    const { events, is, provider } = room.start({ whenAway: 'queue', timeout: 300 })
    const listener = new Listener('/?channel=a')
    await listener.connect(events)
    room.redis.pause()
    const published = [1, 2, 3].map((n) => events.publish('a', data(n)))
    await is('away')
    expect(provider.state.error?.message).toContain('no answer came within 300 ms')
    room.redis.resume()
    await Promise.all(published)
    await events.publish('a', data(4))
    await listener.hears(4)
    expect(listener.data).toEqual(['1', '2', '3', '4'])
  },
)

test.runIf(redisIsOurs)(
  'a Redis that is killed and comes back has lost nothing it had confirmed',
  async () => {
    const one = room.start({ whenAway: 'queue' })
    const two = room.start()
    const listeners = [new Listener('/?channel=a'), new Listener('/?channel=a')] as const
    await listeners[0].connect(one.events)
    await listeners[1].connect(two.events)
    const published: Promise<unknown>[] = []
    for (let n = 0; n < 50; n += 1) published.push(one.events.publish('a', data(n)))
    await room.redis.kill()
    for (let n = 50; n < 100; n += 1) published.push(one.events.publish('a', data(n)))
    await room.redis.start()
    await Promise.all(published)
    for (const listener of listeners) {
      await listener.hears(100)
      expect(listener.data).toEqual(Array.from({ length: 100 }, (_, n) => String(n)))
    }
  },
)

import { redisProvider } from '@millrace/server/redis'
import type { RedisProviderOptions } from '@millrace/server/redis'
import { createClient } from 'redis'
import { expect, test } from 'vitest'
import { Listener } from '../environment/listener.ts'
import { redisIsOurs } from '../environment/redis.ts'
import { rounds } from '../environment/rounds.ts'
import { redisRoom } from './room.ts'

// What a provider makes of one stream, and of whatever else may be in Redis.

const room = redisRoom()
const numbers = (length: number): string[] => Array.from({ length }, (_, n) => String(n))
const all = (published: readonly Promise<unknown>[]): Promise<unknown> => Promise.all(published)

test('a burst in one turn loses nothing, keeps its order, and reaches others a batch to a turn', async () => {
  const count = rounds(3_000, 50_000)
  const here = room.start({ count })
  let flushes = 0
  const onSend = (): void => void (flushes += 1)
  const there = room.start({ count, server: { onSend, maxBacklog: Infinity } })
  const listener = new Listener('/?channel=a')
  await listener.connect(there.events)
  // Before Redis is there, no more than maxQueue may wait for it.
  await new Listener('/').connect(here.events)
  await all(numbers(count).map((data) => here.events.publish('a', { data })))
  await listener.hears(count)
  expect(listener.data).toEqual(numbers(count))
  expect(flushes).toBeLessThan(count / 50)
})

test('a process has two connections, however many sessions it has', async () => {
  const redis = await room.redis.client()
  const count = async (): Promise<number> => (await redis.clientList()).length
  const before = await count()
  const { events } = room.start()
  for (let n = 0; n < 50; n += 1) await new Listener('/?channel=a').connect(events)
  expect(await count()).toBe(before + 2)
  await events.close()
  let after = await count()
  while (after !== before) after = await count()
  expect(after).toBe(before)
})

test('the client that was given is left as it was', async () => {
  const client = createClient({ url: room.redis.url })
  const provider = redisProvider({ client, key: room.key })
  await provider.publish({ channels: ['a'], event: { data: '1' } })
  expect(client.isOpen).toBe(false)
  await client.connect()
  await provider.close()
  expect(await client.ping()).toBe('PONG')
  client.destroy()
})

test('a provider that was closed opens nothing any more', async () => {
  const redis = await room.redis.client()
  const before = (await redis.clientList()).length
  const provider = redisProvider({ client: createClient({ url: room.redis.url }), key: room.key })
  await provider.close()
  provider.subscribe(() => {})
  const published = provider.publish({ channels: ['a'], event: {} })
  await expect(published).rejects.toMatchObject({ code: 'closed' })
  await provider.caughtUp?.()
  await provider.close()
  expect(provider.state.status).toBe('closed')
  expect(await redis.clientList()).toHaveLength(before)
})

test('the stream keeps about as many events as it is told to', async () => {
  const { events, provider } = room.start({ count: 100 })
  for (let n = 0; n < 20; n += 1)
    await all(numbers(100).map((data) => events.publish('a', { data })))
  const redis = await room.redis.client()
  const kept = await redis.xLen(room.key)
  expect(kept).toBeGreaterThanOrEqual(100)
  expect(kept).toBeLessThan(400)
  await provider.caughtUp?.()
  expect(events.stats.replay?.count).toBe(100)
})

test('the stream forgets what is too old, but never where the order stands', async () => {
  const { events, provider } = room.start()
  await all(numbers(1_000).map((data) => events.publish('a', { data })))
  await provider.caughtUp?.()
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  await listener.until(() => listener.cursor?.endsWith('-1000') === true)
  await listener.leave()
  const brief = room.start({ ttl: 1 })
  await brief.is('ready')
  const redis = await room.redis.client()
  const kept = await redis.xLen(room.key)
  expect(kept).toBeGreaterThanOrEqual(1)
  expect(kept).toBeLessThan(1_000)
  await listener.connect(brief.events)
  await brief.events.publish('a', { data: 'next' })
  await listener.hears(1)
  expect(listener.data).toEqual(['next'])
})

test('what is too old is not replayed, even where it is still in the stream', async () => {
  const { events } = room.start({ ttl: 60_000, server: { clock: in61Seconds() } })
  for (const data of ['1', '2']) await events.publish('a', { data })
  const listener = new Listener('/?channel=a')
  listener.cursor = (await events.publish('a', { data: '3' })).id?.replace(/3$/, '1')
  await listener.connect(events)
  await listener.hears(1)
  expect(listener.heard.map(({ type }) => type)).toEqual(['millrace-reset'])
})

function in61Seconds() {
  const setTimeout = (run: () => void, delay: number): unknown => globalThis.setTimeout(run, delay)
  const clearTimeout = (timer: unknown): void => globalThis.clearTimeout(timer as number)
  return { now: () => Date.now() + 61_000, setTimeout, clearTimeout }
}

test('an event that one server cannot encode harms nobody else', async () => {
  const picky = room.start({
    server: {
      encode: ({ data }) => {
        if (data === 'bad') throw new Error('no such word')
        return `data: ${String(data)}\n\n`
      },
    },
  })
  const other = room.start()
  const listeners = [new Listener('/?channel=a'), new Listener('/?channel=a')] as const
  await listeners[0].connect(picky.events)
  await listeners[1].connect(other.events)
  for (const data of ['1', 'bad', '2']) await other.events.publish('a', { data })
  await listeners[0].hears(2)
  await listeners[1].hears(3)
  expect(listeners[0].data).toEqual(['1', '2'])
  expect(listeners[1].data).toEqual(['1', 'bad', '2'])
  expect(picky.errors).toMatchObject([{ code: 'encode-failed' }])
})

test('data that has no JSON form is an error to the publisher', async () => {
  const { events } = room.start({ server: { encode: ({ data }) => `data: ${String(data)}\n\n` } })
  await expect(events.publish('a', { data: 1n })).rejects.toMatchObject({ code: 'invalid-event' })
})

test('a key that holds something else is left alone, and said', async () => {
  const redis = await room.redis.client()
  await redis.set(room.key, 'mine')
  const { events, provider, is } = room.start()
  await expect(events.publish('a', {})).rejects.toMatchObject({ code: 'provider-away' })
  await is('away')
  expect(provider.state.error?.message).toMatch(/^Cannot follow the stream .+: WRONGTYPE /)
  expect(await redis.get(room.key)).toBe('mine')
})

test('a stream of somebody else’s is left alone, and said', async () => {
  const redis = await room.redis.client()
  await redis.xAdd(room.key, '*', { not: 'ours' })
  const { events, provider, is } = room.start()
  await expect(events.publish('a', {})).rejects.toMatchObject({ code: 'provider-away' })
  await is('away')
  expect(provider.state.error?.message).toContain('entries that are not of this library')
  expect(await redis.xLen(room.key)).toBe(1)
})

test.runIf(redisIsOurs)(
  'what Redis refuses is an error to its publishers, and nothing else waits for it',
  async () => {
    const { events, statuses } = room.start({ whenAway: 'queue' })
    await events.publish('a', { data: '1' })
    const redis = await room.redis.client()
    await redis.configSet('maxmemory', '1')
    const refused = events.publish('a', { data: '2' })
    await expect(refused).rejects.toMatchObject({ code: 'publish-failed' })
    await expect(refused).rejects.toThrow(/OOM command not allowed/)
    await redis.configSet('maxmemory', '0')
    expect(await events.publish('a', { data: '3' })).toMatchObject({
      id: expect.stringMatching(/-2$/),
    })
    expect(statuses).toEqual(['ready'])
  },
)

test.runIf(redisIsOurs)(
  'a master that has become a replica is away, until there is a master again',
  async () => {
    const { events, is } = room.start({ whenAway: 'queue' })
    const listener = new Listener('/?channel=a')
    await listener.connect(events)
    await events.publish('a', { data: '1' })
    const redis = await room.redis.client()
    await redis.sendCommand(['REPLICAOF', '127.0.0.1', '1'])
    const waiting = events.publish('a', { data: '2' })
    await is('away')
    await redis.sendCommand(['REPLICAOF', 'NO', 'ONE'])
    await waiting
    await listener.hears(2)
    expect(listener.data).toEqual(['1', '2'])
  },
)

test.each([
  [{ key: '' }, 'key is ""'],
  [{ count: 0 }, 'count is 0'],
  [{ count: Infinity }, 'count is Infinity'],
  [{ ttl: 0.5 }, 'ttl is 0.5'],
  [{ timeout: -1 }, 'timeout is -1'],
  [{ maxQueue: Number.NaN }, 'maxQueue is NaN'],
  [{ ids: 'none' }, 'ids is "none"'],
  [{ whenAway: 'wait' }, 'whenAway is "wait"'],
])('the options %j are refused', (wrong, because) => {
  const options = { client: createClient(), key: 'a', ...wrong } as RedisProviderOptions
  expect(() => redisProvider(options)).toThrow(`Cannot make the provider: ${because}.`)
})

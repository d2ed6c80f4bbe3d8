import { RESP_TYPES } from 'redis'
import { expect, test } from 'vitest'
import { Listener } from '../environment/listener.ts'
import { redisIsOurs } from '../environment/redis.ts'
import { redisRoom } from './room.ts'

// What a process does when Redis has lost what it had: nobody is left to believe that nothing was missed.

const room = redisRoom()
const told = ({ heard }: Listener): string[] =>
  heard.map(({ type, data }) => (type === 'message' ? data : type))

test('when the stream is deleted, who listens is told of the gap, and hears what comes', async () => {
  const [here, there] = [room.start(), room.start()]
  const listeners = [new Listener('/?channel=a'), new Listener('/?channel=a')] as const
  await listeners[0].connect(here.events)
  await listeners[1].connect(there.events)
  await here.events.publish('a', { data: '1' })
  await Promise.all(listeners.map((listener) => listener.hears(1)))
  const redis = await room.redis.client()
  await redis.del(room.key)
  await here.events.publish('a', { data: '2' })
  await Promise.all(listeners.map((listener) => listener.hears(2)))
  await there.events.publish('a', { data: '3' })
  for (const listener of listeners) {
    await listener.until(() => listener.data.includes('3'))
    expect(told(listener)[0]).toBe('1')
    expect(told(listener)).toContain('millrace-reset')
    expect(told(listener).at(-1)).toBe('3')
  }
  expect(here.statuses).toEqual(['ready'])
})

test('an id of a stream that was deleted is unknown in every process, however far the new one has got', async () => {
  const { events, provider } = room.start()
  for (const data of ['1', '2', '3']) await events.publish('a', { data })
  await provider.caughtUp?.()
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  await listener.until(() => listener.cursor !== undefined)
  expect(listener.cursor).toMatch(/-3$/)
  await listener.leave()
  const redis = await room.redis.client()
  await redis.del(room.key)
  const fresh = room.start()
  for (let n = 0; n < 9; n += 1) await fresh.events.publish('a', { data: `new ${n}` })
  await listener.connect(fresh.events)
  await listener.hears(1)
  expect(told(listener)).toEqual(['millrace-reset'])
  await fresh.events.publish('a', { data: 'live' })
  await listener.hears(2)
  expect(told(listener)).toEqual(['millrace-reset', 'live'])
})

test('after a failover to a replica that was behind, what it had not got is known to nobody', async () => {
  const one = room.startBehindPassage()
  const listener = new Listener('/?channel=a')
  const other = new Listener('/?channel=a')
  await listener.connect(one.events)
  await other.connect(one.events)
  await one.events.publish('a', { data: 'kept' })
  const redis = (await room.redis.client()).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  const behind = await redis.dump(room.key)
  await one.events.publish('a', { data: 'lost' })
  await other.hears(2)
  await listener.hears(2)
  await listener.leave()
  room.passage.cut()
  await one.is('away')
  await redis.restore(room.key, 0, behind, { REPLACE: true })
  // Nobody here has seen what was lost, so its numbers are given again.
  const fresh = room.start()
  for (const data of ['new 2', 'new 3']) await fresh.events.publish('a', { data })
  await listener.connect(fresh.events)
  await listener.hears(3)
  expect(told(listener)).toEqual(['kept', 'lost', 'millrace-reset'])
  room.passage.mend()
  await other.hears(3)
  expect(told(other)).toEqual(['kept', 'lost', 'millrace-reset'])
  await one.events.publish('a', { data: 'live' })
  await other.hears(4)
  await listener.hears(4)
  expect(told(other)).toEqual(['kept', 'lost', 'millrace-reset', 'live'])
  expect(told(listener)).toEqual(['kept', 'lost', 'millrace-reset', 'live'])
})

test('who has not missed anything goes on after a failover', async () => {
  const { events } = room.start()
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  await events.publish('a', { data: 'kept' })
  await listener.hears(1)
  await listener.leave()
  const redis = (await room.redis.client()).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  const copy = await redis.dump(room.key)
  await redis.del(room.key)
  await redis.restore(room.key, 0, copy)
  const fresh = room.start()
  await fresh.events.publish('a', { data: 'next' })
  await listener.connect(fresh.events)
  await listener.hears(2)
  expect(told(listener)).toEqual(['kept', 'next'])
})

test('a process that was away for longer than the stream reaches back tells its listeners of the gap', async () => {
  const lagging = room.startBehindPassage({ count: 10 })
  const other = room.start({ count: 10 })
  const listener = new Listener('/?channel=a')
  await listener.connect(lagging.events)
  await other.events.publish('a', { data: '1' })
  await listener.hears(1)
  room.passage.cut()
  await lagging.is('away')
  await Promise.all(
    Array.from({ length: 300 }, (_, n) => other.events.publish('a', { data: `missed ${n}` })),
  )
  room.passage.mend()
  await listener.hears(2)
  await other.events.publish('a', { data: '2' })
  await listener.hears(3)
  expect(told(listener)).toEqual(['1', 'millrace-reset', '2'])
})

test('with ids of the publisher’s own, a gap is told all the same', async () => {
  const { events } = room.start({ ids: 'manual', server: { ids: 'manual' } })
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  await events.publish('a', { data: '1' })
  await listener.hears(1)
  const redis = await room.redis.client()
  await redis.del(room.key)
  await events.publish('a', { data: '2' })
  await listener.hears(2)
  expect(told(listener).slice(0, 2)).toEqual(['1', 'millrace-reset'])
})

test('where nobody publishes, it is noticed in the next silence', async () => {
  const { events } = room.start()
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  await events.publish('a', { data: '1' })
  await listener.hears(1)
  const redis = await room.redis.client()
  await redis.del(room.key)
  const waiting = (await redis.clientList()).filter(({ cmd }) => cmd === 'xread')
  for (const { id } of waiting) await redis.clientUnblock(id)
  await listener.hears(2)
  expect(told(listener)).toEqual(['1', 'millrace-reset'])
})

test.runIf(redisIsOurs)('a Redis that comes back empty is a new start', async () => {
  const { events, is } = room.start({ whenAway: 'queue' })
  const listener = new Listener('/?channel=a')
  await listener.connect(events)
  await events.publish('a', { data: '1' })
  await listener.hears(1)
  await room.redis.kill()
  await is('away')
  const waiting = events.publish('a', { data: '2' })
  await room.redis.start()
  expect(await waiting).toMatchObject({ id: expect.stringMatching(/-1$/) })
  await listener.until(() => listener.data.at(-1) === '2')
  expect(told(listener)).toEqual(['1', 'millrace-reset', '2'])
})

import { expect, test } from 'vitest'
import { fakeRedis } from '../../test/fake-redis.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { Link } from './link.ts'

const timeout = 100

test('a link is two copies of the client, which leave reconnecting to it', async () => {
  const { client, connections } = fakeRedis({})
  await new Link({ client, clock: manualClock(), timeout }).open()
  const socket = { path: '/redis', reconnectStrategy: false }
  const overrides = { socket, disableOfflineQueue: true }
  expect(connections.map((one) => one.overrides)).toEqual([overrides, overrides])
})

test('where one connection breaks, the other goes too, and what has no answer is rejected with the reason', async () => {
  const { client, connections } = fakeRedis({})
  const clock = manualClock()
  const link = new Link({ client, clock, timeout })
  await link.open()
  const asked = [link.ask(['XRANGE']), link.wait(['XREAD'], 1000)]
  connections[0]?.fail(new Error('reset'))
  connections[1]?.fail(new Error('too late to be the reason'))
  for (const one of asked) await expect(one).rejects.toThrow(/^reset$/)
  await expect(link.ask(['PING'])).rejects.toThrow(/^reset$/)
  expect(connections.map(({ destroyed }) => destroyed)).toEqual([true, true])
  expect(clock.pending()).toBe(0)
})

test('an answer that does not come in time breaks the link; one that may take its time has it', async () => {
  const { client, connections } = fakeRedis({})
  const clock = manualClock()
  const link = new Link({ client, clock, timeout })
  await link.open()
  const waiting = link.wait(['XREAD'], 1000)
  clock.advance(1099)
  expect(connections[0]?.destroyed).toBe(false)
  clock.advance(1)
  await expect(waiting).rejects.toThrow(/^no answer came within 100 ms$/)
  expect(connections.map(({ destroyed }) => destroyed)).toEqual([true, true])
})

test('a connection that is never made breaks the link', async () => {
  const clock = manualClock()
  const { client } = fakeRedis({ connect: () => new Promise(() => {}) })
  const opening = new Link({ client, clock, timeout }).open()
  clock.advance(timeout)
  await expect(opening).rejects.toThrow(/^no answer came within 100 ms$/)
})

test('a client that does not like to be let go of is let go of', () => {
  const { client } = fakeRedis({})
  const stubborn = {
    ...client,
    duplicate: () => ({
      ...client.duplicate(),
      destroy: () => {
        throw new Error('The client is closed')
      },
    }),
  }
  const link = new Link({ client: stubborn, clock: manualClock(), timeout })
  expect(() => link.break(new Error('over'))).not.toThrow()
})

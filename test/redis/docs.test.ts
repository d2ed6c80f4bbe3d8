import { createClient } from 'redis'
import { expect, test, vi } from 'vitest'
import { Listener } from '../environment/listener.ts'
import { anHour } from '../docs/redis/trimmed.ts'
import { patient } from '../docs/redis/waiting.ts'
import { redisRoom } from './room.ts'

// The page on Redis says what is true.

const room = redisRoom()

test('the snippets of the page publish, tell how they stand, and tell when they cannot', async () => {
  // What `onError` defaults to.
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.stubEnv('REDIS_URL', room.passage.url)
  const { events, provider } = await import('../docs/redis/events.ts')
  const { shipped } = await import('../docs/redis/order.ts')
  const { health } = await import('../docs/redis/health.ts')
  vi.unstubAllEnvs()
  const listener = new Listener('/?channel=orders')
  await listener.connect(events)
  expect(await shipped('7')).toBe(204)
  await listener.hears(1)
  expect(listener.heard).toMatchObject([{ type: 'shipped', data: '{"order":"7"}' }])
  expect(await health().json()).toMatchObject({ status: 'ready' })
  const lost = room.passage.loseAnswer()
  const unconfirmed = shipped('8')
  await lost
  room.passage.cut()
  expect(await unconfirmed).toBe(202)
  expect(await shipped('9')).toBe(503)
  await provider.close()
  expect(health().status).toBe(503)
  expect(error).toHaveBeenCalledTimes(3)
  error.mockRestore()
})

test.each([
  ['patient', patient],
  ['anHour', anHour],
])('the provider of the snippet %s publishes', async (_, make) => {
  const provider = make(createClient({ url: room.redis.url }))
  const published = await provider.publish({ channels: ['a'], event: { data: '1' } })
  expect(published.id).toMatch(/^\w+-\d+$/)
  await provider.close()
})

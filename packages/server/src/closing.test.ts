import { expect, test, vi } from 'vitest'
import { connect, open } from '../test/connect.ts'
import { manualClock } from '../test/manual-clock.ts'
import { createEventServer } from './event-server.ts'
import type { Provider } from './provider.ts'
import type { DisconnectReason } from './session.ts'

test('close says when to come back, loses nothing accepted and ends every response', async () => {
  const reasons: DisconnectReason[] = []
  const events = createEventServer({
    ids: 'manual',
    onError: () => {},
    onDisconnect: (_, reason) => reasons.push(reason),
  })
  const stream = await connect(events, '/?channel=a')
  const idle = await connect(events)
  void events.publish('a', { data: 'last' })
  await Promise.all([events.close({ retry: 5000 }), events.close()])
  expect(await stream.rest()).toBe('data: last\n\nretry: 5000\n\n')
  expect(await idle.rest()).toBe('retry: 5000\n\n')
  expect(reasons).toEqual(['shutdown', 'shutdown'])
  await expect(events.publish('a', {})).rejects.toMatchObject({ code: 'closed' })
  const response = await events.fetch(new Request('http://localhost/'))
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('5')
})

test('close waits for what is on its way to the provider', async () => {
  const { promise, resolve } = Promise.withResolvers<{ id: string }>()
  const subscribers: Parameters<Provider['subscribe']>[0][] = []
  const events = createEventServer({
    provider: {
      publish: () => promise,
      subscribe: (subscriber) => {
        subscribers.push(subscriber)
        return () => {}
      },
      position: () => 'p-0',
      close: () => {},
    },
  })
  const stream = await connect(events, '/?channel=a')
  void events.publish('a', { data: 'late' })
  const closed = events.close()
  subscribers[0]?.({ position: 'p-1', time: 0, channels: ['a'], event: { id: '1', data: 'late' } })
  resolve({ id: '1' })
  await closed
  expect(await stream.rest()).toBe('id: 1\ndata: late\n\n')
})

test('a publish that never arrives keeps close for 5 s', async () => {
  const clock = manualClock()
  const release = vi.fn<() => void>()
  const events = createEventServer({
    clock,
    provider: {
      publish: () => new Promise(() => {}),
      subscribe: () => () => {},
      position: () => 'p-0',
      close: release,
    },
  })
  const stream = await connect(events)
  void events.broadcast({ data: 'lost' })
  const closed = events.close({ retry: 1 })
  clock.advance(4999)
  expect(release).not.toHaveBeenCalled()
  clock.advance(1)
  await closed
  expect(release).toHaveBeenCalledOnce()
  expect(await stream.rest()).toBe('retry: 1\n\n')
  expect(clock.pending()).toBe(0)
})

test('an encoder that fails is no hindrance to close', async () => {
  const encode = (): string => {
    throw new Error('boom')
  }
  const events = createEventServer({ encode })
  const streams = [await connect(events), await connect(events)]
  await events.close({ retry: 1 })
  for (const stream of streams) expect(await stream.rest()).toBe('retry: 1\n\n')
})

test('a client that has stopped reading is broken off 10 s after the end', async () => {
  const clock = manualClock()
  const events = createEventServer({ clock, ids: 'manual' })
  const stuck = await open(events, '/?channel=a')
  const reading = await connect(events, '/?channel=a')
  await events.publish('a', { data: '1' })
  await events.close()
  expect(await reading.rest()).toBe('data: 1\n\n')
  clock.advance(9999)
  expect(clock.pending()).toBe(1)
  clock.advance(1)
  await expect(stuck.rest()).rejects.toMatchObject({ code: 'slow' })
  expect(clock.pending()).toBe(0)
})

test('a client that reads what was left for it leaves no timer behind', async () => {
  const clock = manualClock()
  const events = createEventServer({ clock, ids: 'manual' })
  const stream = await open(events, '/?channel=a')
  await events.publish('a', { data: '1' })
  await events.close()
  expect(await stream.rest()).toBe(': connected\n\ndata: 1\n\n')
  expect(clock.pending()).toBe(0)
})

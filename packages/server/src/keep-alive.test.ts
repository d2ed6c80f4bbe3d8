import { expect, test, vi } from 'vitest'
import { connect } from '../test/connect.ts'
import { manualClock } from '../test/manual-clock.ts'
import type { Admission } from './admission.ts'
import { createEventServer } from './event-server.ts'

test('a silent stream gets a comment after the interval, again and again', async () => {
  const clock = manualClock()
  const stream = await connect(createEventServer({ clock }))
  clock.advance(15_000)
  expect(await stream.read()).toBe(': keepalive\n\n')
  clock.advance(15_000)
  expect(await stream.read()).toBe(': keepalive\n\n')
})

test('an event puts the comment off', async () => {
  const clock = manualClock()
  const keepAlive = { interval: 1000, comment: 'still here' }
  const events = createEventServer({ clock, keepAlive, ids: 'manual' })
  const stream = await connect(events)
  clock.advance(600)
  void events.broadcast({ data: '1' })
  expect(await stream.read()).toBe('data: 1\n\n')
  clock.advance(999)
  void events.broadcast({ data: '2' })
  expect(await stream.read()).toBe('data: 2\n\n')
  clock.advance(1000)
  expect(await stream.read()).toBe(': still here\n\n')
})

test('a silence may be broken by an event, for clients that hear no comments', async () => {
  const clock = manualClock()
  const stream = await connect(createEventServer({ clock, keepAlive: { event: 'heartbeat' } }))
  clock.advance(15_000)
  expect(await stream.read()).toBe('event: heartbeat\ndata: \n\n')
  const both = { interval: 10, event: 'heartbeat', comment: 'still here' }
  const other = await connect(createEventServer({ clock, keepAlive: both }))
  clock.advance(10)
  expect(await other.read()).toBe(': still here\nevent: heartbeat\ndata: \n\n')
})

test('an event for silences has a name that is fit for the wire', () => {
  const named = (event: string) => () => createEventServer({ keepAlive: { event } })
  expect(named('')).toThrow('Cannot keep streams alive: the event has no name.')
  expect(named('a\nb')).toThrow('its event is not fit for the wire')
})

test('one timer serves everyone, and stops when nobody is there', async () => {
  const clock = manualClock()
  const events = createEventServer({ clock })
  expect(clock.pending()).toBe(0)
  const streams = [await connect(events), await connect(events), await connect(events)]
  expect(clock.pending()).toBe(1)
  await Promise.all(streams.map((stream) => stream.leave()))
  expect(clock.pending()).toBe(0)
  const again = await connect(events)
  clock.advance(15_000)
  expect(await again.read()).toBe(': keepalive\n\n')
})

test('a session may bear less silence than the others, or more', async () => {
  const clock = manualClock()
  const authorize = (request: Request): Admission => {
    const wish = new URL(request.url).searchParams.get('every')
    return wish ? { keepAlive: Number(wish) } : {}
  }
  const events = createEventServer({ clock, authorize })
  const usual = await connect(events)
  const patient = await connect(events, '/?every=60000')
  const hasty = await connect(events, '/?every=5000')
  expect(clock.pending()).toBe(1)
  const backlogs = (): number[] => [...events.sessions].map(({ backlog }) => backlog)
  for (const length of [0, 0, 13]) {
    clock.advance(5_000)
    expect(backlogs()).toEqual([length, 0, 13])
    expect(await hasty.read()).toBe(': keepalive\n\n')
  }
  expect(await usual.read()).toBe(': keepalive\n\n')
  await hasty.leave()
  clock.advance(45_000)
  expect(await patient.read()).toBe(': keepalive\n\n')
})

test.each([0, -1, Number.NaN, Infinity, '5'])(
  'a session that would bear %j is none, and it is reported',
  async (keepAlive) => {
    const onError = vi.fn<(error: Error) => void>()
    const authorize = (): Admission => ({ keepAlive: keepAlive as number })
    const events = createEventServer({ authorize, onError })
    expect((await events.fetch(new Request('http://localhost/'))).status).toBe(500)
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'invalid-option' }),
    )
    expect(events.sessions.size).toBe(0)
  },
)

test('who has something left to read gets no comment on top', async () => {
  const clock = manualClock()
  const { promise: sent, resolve: onSend } = Promise.withResolvers()
  const events = createEventServer({ clock, ids: 'manual', onSend })
  const stream = await connect(events)
  void events.broadcast({ data: '1' })
  void events.broadcast({ data: '2' })
  await sent
  clock.advance(30_000)
  await events.close()
  expect(await stream.rest()).toBe('data: 1\n\ndata: 2\n\n')
})

test('no keep-alive is no timer', async () => {
  const clock = manualClock()
  await connect(createEventServer({ clock, keepAlive: false }))
  expect(clock.pending()).toBe(0)
})

test('a closed server has no timer', async () => {
  const clock = manualClock()
  const events = createEventServer({ clock })
  await connect(events)
  await events.close()
  expect(clock.pending()).toBe(0)
})

test.each([0, -1, Number.NaN, Infinity, 2 ** 31])('an interval of %d is refused', (interval) => {
  expect(() => createEventServer({ keepAlive: { interval } })).toThrow(/^Cannot keep streams alive/)
})

import { expect, test, vi } from 'vitest'
import { connect, resumeFrom } from '../test/connect.ts'
import { encodeEvent } from './encode.ts'
import type { ServerEvent } from './encode.ts'
import { createEventServer } from './event-server.ts'
import type { Flush } from './fan-out.ts'
import { finiteReplay } from './log/finite-replay.ts'
import type { EventServerOptions } from './options.ts'

test('beforeSend runs once per publish and may change or drop the event', async () => {
  const beforeSend = vi.fn<NonNullable<EventServerOptions['beforeSend']>>((event) =>
    event.data === 'drop' ? null : { ...event, data: `<${String(event.data)}>` },
  )
  const events = createEventServer({ ids: 'manual', beforeSend })
  const streams = [await connect(events, '/?channel=a'), await connect(events, '/?channel=a')]
  expect(await events.publish('a', { data: 'drop' })).toEqual({ id: undefined })
  void events.publish(['a', 'b'], { data: 'x' })
  expect(await Promise.all(streams.map((stream) => stream.read()))).toEqual([
    'data: <x>\n\n',
    'data: <x>\n\n',
  ])
  expect(beforeSend).toHaveBeenCalledTimes(2)
  expect(beforeSend).toHaveBeenLastCalledWith({ data: 'x' }, ['a', 'b'])
})

test('onSend runs once per flush', async () => {
  const onSend = vi.fn<(flush: Flush) => void>()
  const events = createEventServer({ ids: 'manual', onSend })
  const streams = [await connect(events, '/?channel=a'), await connect(events, '/?channel=a')]
  void events.publish('a', { data: '1' })
  void events.publish('a', { data: '2' })
  await streams[0]?.read()
  expect(onSend).toHaveBeenCalledExactlyOnceWith({ events: 2, sessions: 2, bytes: 36 })
})

test('what onConnect sends comes after the head', async () => {
  const events = createEventServer({
    onConnect: (session, request) => session.send({ event: 'hello', data: request.method }),
  })
  const stream = await connect(events)
  expect(await stream.read()).toBe('event: hello\ndata: GET\n\n')
})

const fail = (): never => {
  throw new Error('boom')
}

test('hooks that fail are reported and harm nobody', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({
    ids: 'manual',
    onError,
    onConnect: async () => fail(),
    onDisconnect: fail,
    onSend: fail,
  })
  const stream = await connect(events)
  void events.broadcast({ data: '1' })
  expect(await stream.read()).toBe('data: 1\n\n')
  await stream.leave()
  expect(onError.mock.calls.map(([error]) => error.message)).toEqual([
    expect.stringContaining('Cannot run onConnect: boom.'),
    expect.stringContaining('Cannot run onSend: boom.'),
    expect.stringContaining('Cannot run onDisconnect: boom.'),
  ])
})

test('onSend tells of what somebody hears', async () => {
  const onSend = vi.fn<(flush: Flush) => void>()
  const events = createEventServer({ ids: 'manual', onSend })
  const stream = await connect(events, '/?channel=a')
  void events.publish('b', { data: 'nobody' })
  void events.publish('a', { data: '1' })
  await stream.read()
  expect(onSend).toHaveBeenCalledExactlyOnceWith({ events: 1, sessions: 1, bytes: 9 })
})

test('an onSend that publishes leaves the others their turn', async () => {
  let flushes = 0
  const events = createEventServer({
    ids: 'manual',
    onSend: () => {
      flushes += 1
      if (flushes < 1000) void events.publish('a', { data: 'again' })
    },
  })
  const stream = await connect(events, '/?channel=a')
  void events.publish('a', { data: 'first' })
  await new Promise(setImmediate)
  expect(flushes).toBeLessThan(1000)
  await stream.leave()
})

test.each([undefined, 'text', Promise.resolve({ data: 'late' })])(
  'a beforeSend that gives %j is an error to the publisher',
  async (given) => {
    const onError = vi.fn<(error: Error) => void>()
    const events = createEventServer({ onError, beforeSend: () => given as never })
    await expect(events.publish('a', {})).rejects.toThrow(/^Cannot run beforeSend: /)
    expect(onError).toHaveBeenCalledOnce()
  },
)

test('an onError that rejects is not the end', async () => {
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const boom = new Error('boom')
  const events = createEventServer({ onError: () => Promise.reject(boom) })
  await expect(events.publish('//', {})).rejects.toMatchObject({ code: 'invalid-channel' })
  expect(error).toHaveBeenCalledExactlyOnceWith(boom)
  error.mockRestore()
})

test('an encoder is replayed what was published, whatever becomes of it', async () => {
  const encode = ({ data }: ServerEvent): string => encodeEvent({ data })
  const replay = finiteReplay({ count: 5 })
  const events = createEventServer({ epoch: 'e', encode, replay, onError: () => {} })
  const data = { price: 1 }
  await events.publish('a', { data })
  data.price = 2
  const stream = await connect(events, '/?channel=a', resumeFrom('e-0'))
  expect(await stream.read()).toBe('data: {"price":1}\n\n')
  await expect(events.publish('a', { data: { run: () => {} } })).rejects.toMatchObject({
    code: 'invalid-event',
  })
})

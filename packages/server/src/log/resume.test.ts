import { expect, test, vi } from 'vitest'
import { connect, resumeFrom } from '../../test/connect.ts'
import { createEventServer } from '../event-server.ts'
import type { EventServerOptions } from '../options.ts'
import { finiteReplay } from './finite-replay.ts'
import type { LogEntry, Replay, ReplayAnswer } from './replay.ts'

const replaying = (options: EventServerOptions = {}): ReturnType<typeof createEventServer> =>
  createEventServer({ epoch: 'e', replay: finiteReplay({ count: 3 }), ...options })

const fill = async (events: ReturnType<typeof createEventServer>, count: number): Promise<void> => {
  for (let n = 1; n <= count; n++) await events.publish('a', { data: `${n}` })
}

// What a client gets from here to the end.
const hears = async (
  events: ReturnType<typeof createEventServer>,
  cursor: string,
  path = '/?channel=a',
): Promise<string> => {
  const stream = await connect(events, path, resumeFrom(cursor))
  await events.close()
  return stream.rest()
}

const RESET = 'event: millrace-reset\ndata: \n\n'

test('a client gets exactly what came after its cursor', async () => {
  const events = replaying()
  await fill(events, 3)
  expect(await hears(events, 'e-1')).toBe('id: e-2\ndata: 2\n\nid: e-3\ndata: 3\n\n')
})

test('a client that is up to date gets nothing', async () => {
  const events = replaying()
  await fill(events, 3)
  expect(await hears(events, 'e-3')).toBe('')
})

test('a client without a cursor gets nothing', async () => {
  const events = replaying()
  await fill(events, 3)
  expect(await hears(events, '')).toBe('')
})

test('the cursor may stand in the query', async () => {
  const events = replaying()
  await fill(events, 2)
  const stream = await connect(events, '/?channel=a&lastEventId=e-1')
  expect(await stream.read()).toBe('id: e-2\ndata: 2\n\n')
})

test('a label is taken off the cursor and put on what is replayed', async () => {
  const events = replaying()
  await events.publish('a', { data: '1' })
  await events.publish('b', { data: '2' })
  await events.broadcast({ data: '3' })
  const wire = 'id: b@e-2\ndata: 2\n\nid: @e-3\ndata: 3\n\n'
  expect(await hears(events, 'a@e-1', '/?channel=a&channel=b')).toBe(wire)
})

test('an id with an @ of its own is found', async () => {
  const events = replaying()
  await events.publish('a', { id: 'ada@home', data: '1' })
  await events.publish('a', { id: 'ada@work', data: '2' })
  expect(await hears(events, 'ada@home')).toBe('id: ada@work\ndata: 2\n\n')
})

test('events without an id, or with the same one, are replayed each with its own text', async () => {
  const events = replaying({ ids: 'manual', replay: finiteReplay({ count: 9 }) })
  await events.publish('a', { id: 'x', data: '0' })
  for (const data of ['1', '2', '3']) await events.publish('a', { data })
  expect(await hears(events, 'x')).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n')
})

test('channels called added start now, the others resume', async () => {
  const events = replaying()
  await events.publish(['a', 'b'], { data: '1' })
  await events.publish('a', { data: '2' })
  await events.publish('b', { data: '3' })
  const path = '/?channel=a&channel=b&added=b'
  const stream = await connect(events, path, resumeFrom('e-1'))
  expect(await stream.read()).toBe('id: a@e-2\ndata: 2\n\n')
  void events.publish('b', { data: '4' })
  expect(await stream.read()).toBe('id: b@e-4\ndata: 4\n\n')
})

test.each([
  ['reset', `id: e-5\n${RESET}`],
  ['none', ''],
  ['all', [3, 4, 5].map((n) => `id: e-${n}\ndata: ${n}\n\n`).join('')],
] as const)('an expired or unknown id gets %s', async (onUnknownId, wire) => {
  for (const cursor of ['e-1', 'other-3', 'nonsense']) {
    const events = replaying({ onUnknownId })
    await fill(events, 5)
    expect(await hears(events, cursor)).toBe(wire)
  }
})

test('a reset is a cursor from which one resumes', async () => {
  const events = replaying()
  const stream = await connect(events, '/?channel=a', resumeFrom('old-7'))
  expect(await stream.read()).toBe(`id: e-0\n${RESET}`)
  const again = await connect(events, '/?channel=a', resumeFrom('e-0'))
  await fill(events, 1)
  expect(await again.read()).toBe('id: e-1\ndata: 1\n\n')
  expect(await hears(events, 'e-0')).toBe('id: e-1\ndata: 1\n\n')
})

test('without a replay a cursor means nothing', async () => {
  const events = createEventServer({ epoch: 'e' })
  await fill(events, 2)
  expect(await hears(events, 'e-1')).toBe('')
})

// A store that answers when it is told to.
function slowStore(): Replay & { readonly answer: () => void } {
  const kept: LogEntry[] = []
  const { promise, resolve } = Promise.withResolvers<undefined>()
  return {
    put: async (entry) => void kept.push(entry),
    after: async ({ after }): Promise<ReplayAnswer> => {
      await promise
      return kept.slice(kept.findIndex(({ event }) => event.id === after) + 1)
    },
    answer: () => resolve(undefined),
  }
}

test('what is published while the store is read comes after the replay, each once', async () => {
  const replay = slowStore()
  const events = createEventServer({ epoch: 'e', replay })
  await fill(events, 2)
  const stream = await connect(events, '/?channel=a', resumeFrom('e-1'))
  await events.publish('a', { data: 'meanwhile' })
  ;[...events.sessions][0]?.send({ data: 'private' })
  await events.publish('a', { data: 'then' })
  replay.answer()
  expect(await stream.read()).toBe(
    'id: e-2\ndata: 2\n\nid: e-3\ndata: meanwhile\n\nid: e-4\ndata: then\n\ndata: private\n\n',
  )
  void events.publish('a', { data: 'live' })
  expect(await stream.read()).toBe('id: e-5\ndata: live\n\n')
})

const broken = (): Promise<never> => Promise.reject(new Error('disk'))

test.each([
  [
    'throws',
    () => {
      throw new Error('disk')
    },
  ],
  ['rejects', broken],
])('a store that %s turns replay off, not delivery', async (_, store) => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({ epoch: 'e', onError, replay: { put: store, after: store } })
  const live = await connect(events, '/?channel=a')
  await fill(events, 1)
  expect(await live.read()).toBe('id: e-1\ndata: 1\n\n')
  const resuming = await connect(events, '/?channel=a', resumeFrom('e-0'))
  expect(await resuming.read()).toBe(`id: e-1\n${RESET}`)
  await fill(events, 1)
  expect(await live.read()).toBe('id: e-2\ndata: 1\n\n')
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ code: 'replay-failed' }),
  )
})

test('a store that fails at the question answers with a reset', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({
    epoch: 'e',
    onError,
    replay: { put: () => {}, after: broken },
  })
  const stream = await connect(events, '/?channel=a', resumeFrom('e-x'))
  expect(await stream.read()).toBe(`id: e-0\n${RESET}`)
  expect(onError).toHaveBeenCalledOnce()
})

test('a store that does not answer holds no more than a slow client may', async () => {
  const onDisconnect = vi.fn<(session: unknown, reason: string) => void>()
  const replay: Replay = { put: () => {}, after: () => new Promise(() => {}) }
  const events = createEventServer({ replay, onDisconnect, maxBacklog: 1000 })
  const stream = await connect(events, '/?channel=a', resumeFrom('x'))
  await events.publish('a', { data: 'x'.repeat(900) })
  expect(events.sessions.size).toBe(1)
  await events.publish('a', { data: 'x'.repeat(900) })
  await expect(stream.read()).rejects.toMatchObject({ code: 'slow' })
  expect(onDisconnect).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'slow')
})

import { expect, test, vi } from 'vitest'
import { connect, resumeFrom } from '../../test/connect.ts'
import { fill, hears, replaying, RESET } from '../../test/replaying.ts'
import { createEventServer } from '../event-server.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { encodeEvent } from '../encode.ts'
import { finiteReplay } from './finite-replay.ts'
import type { LogEntry, Replay, ReplayAnswer } from './replay.ts'

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
    'id: e-2\ndata: 2\n\nid: e-3\ndata: meanwhile\n\ndata: private\n\nid: e-4\ndata: then\n\n',
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

const noAnswers: unknown[] = [5, 'x', {}, [null], [{}], new Set()]
const answered = noAnswers.flatMap((answer) => [answer, Promise.resolve(answer)])

test.each(answered)('a store that answers with %j has failed', async (answer) => {
  const onError = vi.fn<(error: Error) => void>()
  const after = (): ReplayAnswer => answer as ReplayAnswer
  const events = createEventServer({ epoch: 'e', onError, replay: { put: () => {}, after } })
  const stream = await connect(events, '/?channel=a', resumeFrom('e-x'))
  expect(await stream.read()).toBe(`id: e-0\n${RESET}`)
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ code: 'replay-failed' }),
  )
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

test('what is still on its way into the store is part of the replay', async () => {
  const store = finiteReplay({ count: 9 })
  const { promise: disk, resolve: written } = Promise.withResolvers<undefined>()
  const replay: Replay = { put: (entry) => disk.then(() => store.put(entry)), after: store.after }
  const events = createEventServer({ epoch: 'e', replay })
  await fill(events, 2)
  const stream = await connect(events, '/?channel=a', resumeFrom('e-0'))
  await events.publish('a', { data: '3' })
  written(undefined)
  expect(await stream.read()).toBe('id: e-1\ndata: 1\n\nid: e-2\ndata: 2\n\nid: e-3\ndata: 3\n\n')
})

test('a store whose promises are of another make is waited for', async () => {
  const store = finiteReplay({ count: 9 })
  const later = <Value>(value: Value): Promise<Value> => {
    const promise = Promise.resolve(value)
    // oxlint-disable-next-line unicorn/no-thenable -- a thenable that is no promise is what is tested
    return { then: promise.then.bind(promise) } as Promise<Value>
  }
  const replay: Replay = {
    put: (entry) => later(store.put(entry) as undefined),
    after: (query) => later(store.after(query) as ReplayAnswer),
  }
  const events = replaying({ replay })
  await fill(events, 2)
  const stream = await connect(events, '/?channel=a', resumeFrom('e-1'))
  expect(await stream.read()).toBe('id: e-2\ndata: 2\n\n')
})

test('who is up to date stays so when the store has failed', async () => {
  const events = replaying({ onError: () => {}, replay: { put: broken, after: broken } })
  await fill(events, 2)
  expect(await hears(events, 'e-2')).toBe('')
})

const throwing = (event: { readonly data?: unknown }): string => {
  if (event.data === 'bad') throw new Error('boom')
  return encodeEvent(event)
}

test.each([
  ['at once', (store: Replay): Replay => store],
  [
    'later',
    (store: Replay): Replay => ({ put: store.put, after: async (query) => store.after(query) }),
  ],
])(
  'an event that cannot be encoded, replayed %s, is a reset for who misses it',
  async (_, storeOf) => {
    const onError = vi.fn<(error: Error) => void>()
    const replay = storeOf(finiteReplay({ count: 9 }))
    const events = replaying({ onError, encode: throwing, replay })
    await events.publish('a', { data: 'bad' })
    const stream = await connect(events, '/?channel=a', resumeFrom('e-0'))
    expect(await stream.read()).toBe(`id: e-1\n${RESET}`)
    await events.publish('a', { data: 'good' })
    expect(await stream.read()).toBe('id: e-2\ndata: good\n\n')
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'encode-failed' }),
    )
  },
)

test('an encoder that cannot write a reset either ends the session as an error', async () => {
  const onDisconnect = vi.fn<(session: unknown, reason: string) => void>()
  const encode = (): string => {
    throw new Error('boom')
  }
  const events = replaying({ encode, onDisconnect, onError: () => {} })
  const response = await events.fetch(new Request('http://localhost/', resumeFrom('dead')))
  await expect(response.text()).rejects.toThrow('boom')
  expect(onDisconnect).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'error')
  expect(events.sessions.size).toBe(0)
})

test('a session that ends before its replay has what was for it alone, and its cursor stays', async () => {
  const events = replaying({
    replay: slowStore(),
    onConnect: (session) => {
      session.send({ id: 'not yet', data: 'bye' })
      session.close()
    },
  })
  expect(await hears(events, 'e-7')).toBe('data: bye\n\n')
})

test('close waits for a replay that is being read', async () => {
  const replay = slowStore()
  const events = replaying({ replay })
  await fill(events, 2)
  const stream = await connect(events, '/?channel=a', resumeFrom('e-1'))
  await events.publish('a', { data: '3' })
  const closed = events.close({ retry: 10 })
  replay.answer()
  await closed
  expect(await stream.rest()).toBe('id: e-2\ndata: 2\n\nid: e-3\ndata: 3\n\nretry: 10\n\n')
})

test('a store that never answers keeps close for 5 s, and says when to come back', async () => {
  const clock = manualClock()
  const events = replaying({ clock, replay: slowStore() })
  const stream = await connect(events, '/?channel=a', resumeFrom('e-1'))
  await events.publish('a', { data: '1' })
  const closed = events.close({ retry: 10 })
  clock.advance(5000)
  await closed
  expect(await stream.rest()).toBe('retry: 10\n\n')
  expect(clock.pending()).toBe(0)
})

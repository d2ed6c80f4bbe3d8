import { expect, test, vi } from 'vitest'
import { connect, open, resumeFrom } from '../test/connect.ts'
import { RESET } from '../test/replaying.ts'
import { createEventServer } from './event-server.ts'
import { finiteReplay } from './log/finite-replay.ts'
import type { LogEntry } from './log/replay.ts'
import { MemoryLog } from './log/memory-log.ts'
import type { UnknownIdPolicy } from './log/resume.ts'
import type { Provider, ProviderAlerts } from './provider.ts'

// A provider elsewhere, as a server sees it: it comes, it hands over, and it may lose its thread.
class Elsewhere implements Provider {
  readonly publish = (): Promise<{ id: string }> => Promise.resolve({ id: '' })
  readonly close = (): void => {}
  #position: string | undefined
  #waiting: (() => void)[] = []
  #log = new MemoryLog({ total: 100 }, 'p-0')
  #subscriber: Parameters<Provider['subscribe']> | undefined

  get replay(): NonNullable<Provider['replay']> {
    return { after: (query) => this.#log.after(query) }
  }

  readonly subscribe: Provider['subscribe'] = (...subscriber) => {
    this.#subscriber = subscriber
    return () => {}
  }

  readonly position = (): string | undefined => this.#position

  readonly caughtUp = (): Promise<void> => new Promise((resolve) => this.#waiting.push(resolve))

  come(position = 'p-0'): void {
    this.#position = position
    this.catchUp()
  }

  catchUp(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  hand(position: string, data: string): void {
    const entry: LogEntry = { position, time: 0, channels: ['a'], event: { id: position, data } }
    this.#position = position
    this.#log.put(entry)
    this.#subscriber?.[0](entry)
  }

  lose(position: string): void {
    this.#log = new MemoryLog({ total: 100 }, position)
    this.#position = position
    this.#subscriber?.[1]?.interrupted()
  }
}

function elsewhere(onUnknownId?: UnknownIdPolicy) {
  const provider = new Elsewhere()
  const events = createEventServer({ provider, ...(onUnknownId && { onUnknownId }) })
  return { provider, events }
}

test('a stream opens when its provider is there, and is told where the order stands', async () => {
  const { provider, events } = elsewhere()
  const response = events.fetch(new Request('http://localhost/?channel=a'))
  await new Promise(setImmediate)
  expect(events.sessions.size).toBe(0)
  provider.come()
  await response
  expect(events.sessions.size).toBe(1)
  const stream = await open(events, '/?channel=a')
  provider.hand('p-1', '1')
  expect(await stream.read()).toBe(': connected\n\nid: p-0\n\n')
  expect(await stream.read()).toBe('id: p-1\ndata: 1\n\n')
})

test('who wants a stream that cannot open yet is refused when the server closes', async () => {
  const { provider, events } = elsewhere()
  const response = events.fetch(new Request('http://localhost/?channel=a'))
  const closed = events.close()
  await new Promise(setImmediate)
  provider.catchUp()
  expect((await response).status).toBe(503)
  await closed
})

test.each([
  ['reset', `id: p-7\n${RESET}`],
  ['none', 'id: p-7\n\n'],
  ['all', 'id: p-7\n\n'],
] as const)(
  'where the order has a gap, who listens is told by the policy %j',
  async (policy, told) => {
    const { provider, events } = elsewhere(policy)
    provider.come()
    const stream = await connect(events, '/?channel=a')
    provider.hand('p-1', '1')
    provider.lose('p-7')
    provider.hand('p-8', '8')
    const text = 'id: p-1\ndata: 1\n\n' + told + 'id: p-8\ndata: 8\n\n'
    let heard = ''
    while (heard.length < text.length) heard += await stream.read()
    expect(heard).toBe(text)
  },
)

test('who is still to be told whether its cursor is known is told once', async () => {
  const { provider, events } = elsewhere()
  provider.come()
  const stream = await connect(events, '/?channel=a', resumeFrom('x-9'))
  provider.lose('p-7')
  provider.catchUp()
  expect(await stream.read()).toBe(`id: p-7\n${RESET}`)
  provider.hand('p-8', '8')
  expect(await stream.read()).toBe('id: p-8\ndata: 8\n\n')
})

test('who heard more elsewhere than has come here waits, and hears nothing twice', async () => {
  const { provider, events } = elsewhere()
  provider.come()
  provider.hand('p-1', '1')
  const stream = await connect(events, '/?channel=a', resumeFrom('p-3'))
  ;[...events.sessions][0]?.send({ data: 'private' })
  for (const n of [2, 3, 4]) provider.hand(`p-${n}`, `${n}`)
  provider.catchUp()
  const text = 'id: p-4\ndata: 4\n\ndata: private\n\n'
  expect(await stream.read()).toBe(text)
})

test('a provider that replays wants no other replay', () => {
  const provider = new Elsewhere()
  const replay = finiteReplay({ count: 1 })
  expect(() => createEventServer({ provider, replay })).toThrow(
    /^Cannot make the server: its provider has a replay already/,
  )
})

test('what a provider reports reaches onError', () => {
  const onError = vi.fn<(error: unknown) => void>()
  const alerts: (ProviderAlerts | undefined)[] = []
  const provider: Provider = {
    publish: () => ({ id: '' }),
    subscribe: (_, told) => {
      alerts.push(told)
      return () => {}
    },
    position: () => '',
    close: () => {},
  }
  createEventServer({ provider, onError })
  const error = new Error('gone') as never
  alerts[0]?.failed(error)
  expect(onError).toHaveBeenCalledExactlyOnceWith(error)
})

test('close waits until what was published here has been handed over here', async () => {
  const provider = new Elsewhere()
  const events = createEventServer({
    provider: {
      publish: provider.publish,
      subscribe: provider.subscribe,
      position: provider.position,
      close: provider.close,
      caughtUp: () => Promise.resolve(provider.hand('p-1', 'late')),
    },
  })
  provider.come()
  const stream = await connect(events, '/?channel=a')
  await events.publish('a', { data: 'late' })
  await events.close()
  expect(await stream.rest()).toBe('id: p-1\ndata: late\n\n')
})

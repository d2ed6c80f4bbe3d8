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
  #position: string | Promise<string>
  #come: (position: string) => void = () => {}
  #log = new MemoryLog({ total: 100 }, 'p-0')
  #subscriber: Parameters<Provider['subscribe']> | undefined

  constructor() {
    this.#position = new Promise((resolve) => (this.#come = resolve))
  }

  get replay(): NonNullable<Provider['replay']> {
    return { after: (query) => this.#log.after(query) }
  }

  readonly subscribe: Provider['subscribe'] = (...subscriber) => {
    this.#subscriber = subscriber
    return () => {}
  }

  readonly position = (): string | Promise<string> => this.#position

  come(position = 'p-0'): void {
    this.#position = position
    this.#come(position)
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

test('a stream is open before its provider is there, and is told where the order stands once it is', async () => {
  const { provider, events } = elsewhere()
  const stream = await open(events, '/?channel=a')
  expect(await stream.read()).toBe(': connected\n\n')
  provider.come()
  expect(await stream.read()).toBe('id: p-0\n\n')
  provider.hand('p-1', '1')
  expect(await stream.read()).toBe('id: p-1\ndata: 1\n\n')
})

test('who resumes before the provider is there resumes once it is', async () => {
  const { provider, events } = elsewhere()
  const known = await connect(events, '/?channel=a', resumeFrom('p-0'))
  const unknown = await connect(events, '/?channel=a', resumeFrom('x-9'))
  provider.come()
  expect(await unknown.read()).toBe(`id: p-0\n${RESET}`)
  provider.hand('p-1', '1')
  expect(await known.read()).toBe('id: p-1\ndata: 1\n\n')
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

test('who waits for the provider is told once that it knows its cursor no more', async () => {
  const { provider, events } = elsewhere()
  const stream = await connect(events, '/?channel=a', resumeFrom('x-9'))
  provider.lose('p-7')
  provider.come('p-7')
  expect(await stream.read()).toBe(`id: p-7\n${RESET}`)
  provider.hand('p-8', '8')
  expect(await stream.read()).toBe('id: p-8\ndata: 8\n\n')
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
      delivered: () => Promise.resolve(provider.hand('p-1', 'late')),
    },
  })
  provider.come()
  const stream = await connect(events, '/?channel=a')
  await events.publish('a', { data: 'late' })
  await events.close()
  expect(await stream.rest()).toBe('id: p-1\ndata: late\n\n')
})

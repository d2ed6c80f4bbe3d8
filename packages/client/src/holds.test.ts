import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPool } from './pool.ts'
import type { StreamOptions } from './options.ts'
import { scriptedTransport } from './transport/scripted-transport.test.support.ts'
import { fakePage } from './fake-page.test.support.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function open(options: StreamOptions = {}, url = 'https://example.test/events') {
  const page = fakePage()
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  const stream = pool.stream(url, options)
  const stop = stream.on('message', () => {})
  await Promise.resolve()
  transport.last().sink.open()
  transport.last().send(['message', 'a', '7'])
  const standing = () => {
    const [one] = pool.connections.value
    return [one?.status, ...(one?.holds ?? [])]
  }
  return { page, transport, pool, stop, standing }
}

test('offline holds a stream, and online opens it at once, from the cursor', async () => {
  const { page, transport, standing } = await open()
  page.offline()
  expect(transport.last().closed).toBe(true)
  expect(standing()).toEqual(['waiting', 'offline'])
  vi.advanceTimersByTime(600_000)
  expect(transport.attempts).toHaveLength(1)
  page.online()
  expect(transport.last().request.lastEventId).toBe('7')
  expect(standing()).toEqual(['connecting'])
})

test('online wakes a retry that sleeps, but not before Retry-After', async () => {
  const { page, transport, standing } = await open()
  transport.last().sink.close({ kind: 'network', cause: undefined })
  page.online()
  expect(transport.attempts).toHaveLength(2)
  transport.last().sink.close({ kind: 'status', status: 503, retryAfter: '60' })
  page.online()
  expect(transport.attempts).toHaveLength(2)
  page.offline()
  vi.advanceTimersByTime(30_000)
  page.online()
  expect(standing()).toEqual(['waiting'])
  vi.advanceTimersByTime(29_999)
  expect(transport.attempts).toHaveLength(2)
  vi.advanceTimersByTime(1)
  expect(transport.attempts).toHaveLength(3)
})

test('time without a network does not use up the retries', async () => {
  const { page, transport, standing } = await open({ retry: { maxElapsed: 10_000, maxRetries: 1 } })
  transport.last().sink.close({ kind: 'network', cause: undefined })
  page.offline()
  vi.advanceTimersByTime(3_600_000)
  page.online()
  transport.last().sink.close({ kind: 'network', cause: undefined })
  expect(standing()).toEqual(['waiting'])
})

test('a server on this very machine needs no network', async () => {
  const { page, standing } = await open({}, 'http://localhost:3000/events')
  page.offline()
  expect(standing()).toEqual(['open'])
})

test('a stream that is asked for offline waits, and opens when there is a network', async () => {
  const page = fakePage()
  page.offline()
  const transport = scriptedTransport()
  const stream = createPool({ transport }).stream('https://example.test/')
  stream.on('message', () => {})
  await Promise.resolve()
  expect(stream.status.value).toBe('waiting')
  expect(transport.attempts).toHaveLength(0)
  page.online()
  expect(transport.attempts).toHaveLength(1)
})

test('a page in the back/forward cache holds nothing open, and comes back with the cursor', async () => {
  const { page, transport, standing } = await open()
  page.leave(true)
  page.freeze()
  expect(transport.last().closed).toBe(true)
  expect(standing()).toEqual(['waiting', 'cached', 'frozen'])
  expect(vi.getTimerCount()).toBe(0)
  page.resume()
  expect(standing()).toEqual(['waiting', 'cached'])
  page.comeBack()
  expect(transport.last().request.lastEventId).toBe('7')
  expect(transport.attempts).toHaveLength(2)
})

test('a page that is left for good stores its cursor, and closes nothing', async () => {
  const storage = new Map<string, string>()
  const resume = {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => void storage.set(key, value),
    removeItem: (key: string) => void storage.delete(key),
  }
  const { page, standing } = await open({ resume })
  page.leave(false)
  expect([...storage.values()]).toEqual(['7'])
  expect(standing()).toEqual(['open'])
  const transport = scriptedTransport()
  const next = createPool({ transport, resume }).stream('https://example.test/events')
  next.on('message', () => {})
  await Promise.resolve()
  expect(transport.last().request.lastEventId).toBe('7')
  const other = createPool({ transport, resume }).stream('https://example.test/events', {
    withCredentials: true,
  })
  other.on('message', () => {})
  await Promise.resolve()
  expect(transport.last().request.lastEventId).toBe('')
})

test('a hidden page keeps its streams, unless it is told not to', async () => {
  const kept = await open()
  kept.page.hide()
  vi.advanceTimersByTime(600_000)
  expect(kept.standing()).toEqual(['open'])
  const { page, transport, standing } = await open({ openWhenHidden: false, hiddenDelay: 5_000 })
  page.hide()
  vi.advanceTimersByTime(4_999)
  page.show()
  vi.advanceTimersByTime(5_000)
  expect(standing()).toEqual(['open'])
  page.hide()
  vi.advanceTimersByTime(5_000)
  expect(standing()).toEqual(['waiting', 'hidden'])
  page.show()
  expect(transport.attempts).toHaveLength(2)
})

test('a page that is seen again wakes a retry that sleeps', async () => {
  const { page, transport } = await open()
  page.hide()
  for (let n = 0; n < 5; n += 1) {
    transport.last().sink.close({ kind: 'network', cause: undefined })
    vi.advanceTimersByTime(n < 4 ? 60_000 : 1_000)
  }
  page.show()
  vi.advanceTimersByTime(0)
  expect(transport.attempts).toHaveLength(6)
})

test('holds leave alone what is sent once', async () => {
  const { page, transport } = await open({ method: 'POST', body: 'x' })
  page.offline()
  page.freeze()
  page.leave(true)
  expect(transport.last().closed).toBe(false)
  page.comeBack()
  page.resume()
  page.online()
  vi.advanceTimersByTime(600_000)
  expect(transport.attempts).toHaveLength(1)
})

test('a connection that is released leaves no listener and no timer', async () => {
  const { page, stop } = await open({ openWhenHidden: false })
  page.hide()
  expect(page.listeners()).toBeGreaterThan(0)
  stop()
  vi.advanceTimersByTime(1_000)
  expect(page.listeners()).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})

test('what a held connection waits for is not hastened by who comes', async () => {
  const { page, transport, pool } = await open()
  page.offline()
  pool.stream('https://example.test/events').on('message', () => {})
  await Promise.resolve()
  vi.advanceTimersByTime(600_000)
  expect(transport.attempts).toHaveLength(1)
})

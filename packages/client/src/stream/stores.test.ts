import { effect, signal } from '@preact/signals-core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { collectGarbage } from '../../../../test/environment/garbage.ts'
import { json } from './decode.ts'
import { initialValueOf } from './stores.ts'
import { open, settled, url } from './scripted-stream.test.support.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const payloads = (history: readonly { readonly data: unknown }[]) => history.map(({ data }) => data)

test('a server render shows no event, whatever has come by then', async () => {
  const { pool, stream, send } = open()
  stream.on('a', () => {})
  await settled()
  send(['a', '1'])
  const late = pool.stream(url)
  const stores = [late.latest('a'), late.select('a', ({ data }) => data)]
  expect(stores.map((store) => initialValueOf<unknown>(store))).toEqual([undefined, undefined])
  expect(stores.map((store) => store.peek())).toEqual([expect.objectContaining({ data: '1' }), '1'])
})

test('a store that nobody watches is at the last event whenever it is looked at, however early it was made', async () => {
  const { pool, stream, send } = open()
  const other = pool.stream(url)
  const newest = other.latest('a')
  const selected = other.select('a', ({ data }) => data)
  const looked = () => [newest.peek()?.data, newest.value?.data, selected.peek(), selected.value]
  stream.on('a', () => {})
  await settled()
  expect(new Set(looked())).toEqual(new Set([undefined]))
  send(['a', '1'])
  expect(new Set(looked())).toEqual(new Set(['1']))
  newest.subscribe(() => {})()
  selected.subscribe(() => {})()
  send(['a', '2'], ['a', '3'])
  expect(new Set(looked())).toEqual(new Set(['3']))
  pool.close()
  expect(new Set(looked())).toEqual(new Set(['3']))
})

test('by frame, who looks late sees the last event, and who watches waits for the frame', async () => {
  const { pool, stream, send } = open({ commit: 'frame' })
  const watched = stream.latest('a')
  watched.subscribe(() => {})
  await settled()
  send(['a', '1'])
  const late = pool.stream(url, { commit: 'frame' }).latest('a')
  expect([watched.peek()?.data, late.peek()?.data]).toEqual([undefined, '1'])
  vi.advanceTimersByTime(100)
  expect(watched.peek()).toBe(late.peek())
})

test('who makes a store or looks at it follows nothing that its decoder or selector looks at', async () => {
  const { pool, stream, send } = open()
  stream.on('a', () => {})
  await settled()
  send(['a', '1'])
  const unit = signal('px')
  const late = pool.stream(url, { events: { a: (raw) => raw + unit.value } })
  const runs = vi.fn<(shown: unknown) => void>()
  effect(() => runs(late.select('a', ({ data }) => `${data} ${unit.value}`).value))
  unit.value = 'em'
  expect(runs.mock.calls).toEqual([['1px px']])
})

test('a decoder or a selector may look at the store that it is for', async () => {
  const { pool, stream, send } = open()
  stream.on('a', () => {})
  await settled()
  send(['a', '1'])
  const before = (): string => newest.peek()?.data ?? ''
  const decode = vi.fn<(raw: string) => string>((raw) => before() + raw)
  const late = pool.stream(url, { events: { a: decode } })
  const newest = late.latest('a')
  const selected = late.select('a', ({ data }): string => `${selected.peek() ?? ''}<${data}>`)
  expect([newest.peek()?.data, selected.peek()]).toEqual(['1', '<1>'])
  newest.subscribe(() => {})
  send(['a', '2'])
  expect([newest.peek()?.data, selected.peek()]).toEqual(['12', '<1><12>'])
  expect(decode).toHaveBeenCalledTimes(2)
})

test('a store has the constructor that signals have: Preact knows by it what it may show', () => {
  const { stream } = open()
  for (const store of [stream.latest('a'), stream.select('a', String)]) {
    expect(store.constructor).toBe(signal(0).constructor)
  }
})

test('where a relative URL is, is asked when a store is looked at, and not when it is made', async () => {
  const page = { baseURI: 'https://example.test/one/' }
  vi.stubGlobal('document', page)
  const { transport, pool } = open()
  const newest = pool.stream('events').latest('a')
  page.baseURI = 'https://example.test/two/'
  newest.subscribe(() => {})
  await settled()
  expect(transport.last().request.url).toBe('https://example.test/two/events')
})

test('a store keeps no event but the newest', async () => {
  const { pool, stream, send } = open()
  stream.on('a', () => {})
  await settled()
  send(['a', '1'])
  const late = pool.stream(url, { events: { a: (raw) => ({ raw }) } })
  const stores = [late.latest('a'), late.select('a', ({ data }) => ({ data }))]
  const first = stores.map((store) => new WeakRef(store.peek() as object))
  for (const store of stores) store.subscribe(() => {})
  send(['a', '2'])
  vi.useRealTimers()
  // What is looked at through a `WeakRef` stays until the turn is over.
  await new Promise(setImmediate)
  collectGarbage()
  expect(first.map((reference) => reference.deref())).toEqual([undefined, undefined])
})

test('a history is the last events, the oldest first', async () => {
  const { stream, send } = open()
  const history = stream.history('a', { limit: 3 })
  history.subscribe(() => {})
  await settled()
  send(['a', '1'], ['b', 'x'], ['a', '2'])
  expect(payloads(history.value)).toEqual(['1', '2'])
  send(['a', '3'], ['a', '4'], ['a', '5'])
  expect(payloads(history.value)).toEqual(['3', '4', '5'])
})

test('a history keeps a hundred events where no limit is named', async () => {
  const { stream, send } = open()
  const history = stream.history('a')
  history.subscribe(() => {})
  await settled()
  for (let n = 0; n < 150; n += 1) send(['a', String(n)])
  expect(payloads(history.value)).toEqual(Array.from({ length: 100 }, (_, n) => String(n + 50)))
})

test('the value of a history is a snapshot: the same until an event comes, and never changed afterwards', async () => {
  const { stream, send } = open()
  const history = stream.history('a', { limit: 2 })
  const empty = history.value
  history.subscribe(() => {})
  await settled()
  expect(history.value).toBe(empty)
  send(['a', '1'], ['a', '2'])
  const first = history.value
  send(['b', 'x'])
  expect(history.value).toBe(first)
  expect(history.peek()).toBe(first)
  send(['a', '3'])
  expect(history.value).not.toBe(first)
  expect([payloads(first), payloads(history.value)]).toEqual([
    ['1', '2'],
    ['2', '3'],
  ])
})

test('a burst is one change of a history', async () => {
  const { stream, send } = open()
  const changes: number[] = []
  stream.history('a').subscribe((history) => changes.push(history.length))
  await settled()
  send(['a', '1'], ['a', '2'], ['a', '3'])
  expect(changes).toEqual([0, 3])
})

test.each([0, -1, 1.5, Number.NaN, Infinity, '5' as unknown as number])(
  'a history of %s events is an error',
  (limit) => {
    const { stream } = open()
    expect(() => stream.history('a', { limit })).toThrow('Cannot use limit')
  },
)

test('a history gathers while it is watched, keeps what it has, and goes on from it', async () => {
  const { stream, send } = open()
  const history = stream.history('a')
  const stop = history.subscribe(() => {})
  stream.on('a', () => {})
  await settled()
  send(['a', '1'])
  stop()
  send(['a', 'missed'])
  expect(payloads(history.value)).toEqual(['1'])
  history.subscribe(() => {})
  send(['a', '2'])
  expect(payloads(history.value)).toEqual(['1', '2'])
})

test('each history and each reduction is a store of its own', async () => {
  const { stream, send } = open()
  const [one, other] = [stream.history('a'), stream.history('a')]
  one.subscribe(() => {})
  await settled()
  send(['a', '1'])
  expect([one.value.length, other.value.length]).toEqual([1, 0])
})

test('values outlive the linger and a reconnect', async () => {
  const { transport, stream, send } = open({ linger: 10, events: { a: json<number>() } })
  const stores = () =>
    [stream.latest('a').value?.data, sum.value, payloads(history.value), half.value] as const
  const sum = stream.reduce('a', (total: number, event) => total + event.data, 0)
  const history = stream.history('a')
  const half = stream.select('a', (event) => event.data / 2)
  const watch = () => effect(() => void stores())
  const stop = watch()
  await settled()
  send(['a', '1'], ['a', '2'])
  stop()
  vi.advanceTimersByTime(10)
  expect(transport.last().closed).toBe(true)
  expect(stores()).toEqual([2, 3, [1, 2], 1])
  watch()
  await settled()
  expect(transport.attempts).toHaveLength(2)
  expect(stores()).toEqual([2, 3, [1, 2], 1])
  stream.reconnect()
  expect(transport.attempts).toHaveLength(3)
  send(['a', '4'])
  expect(stores()).toEqual([4, 7, [1, 2, 4], 2])
})

test('a gap leaves a reduction and a history as they are, unless they are to restart', async () => {
  const { stream, send } = open()
  const count = (n: number) => n + 1
  const kept = stream.reduce('a', count, 0)
  const restarted = stream.reduce('a', count, 10, { onGap: 'restart' })
  const history = stream.history('a')
  const fresh = stream.history('a', { onGap: 'restart' })
  const read = () =>
    [kept.value, restarted.value, history.value.length, fresh.value.length] as const
  effect(() => void read())
  await settled()
  send(['a', '1'], ['a', '2'])
  send(['millrace-reset', ''])
  expect(read()).toEqual([2, 10, 2, 0])
  send(['a', '3'])
  expect(read()).toEqual([3, 11, 3, 1])
  send(['a', '4'], ['millrace-reset', ''], ['a', '5'])
  expect(read()).toEqual([5, 11, 5, 1])
})

test('a reducer that throws is reported, and keeps the last value', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { stream, send } = open({ events: { a: json<number>() } })
  const sum = stream.reduce(
    'a',
    (total: number, { data }) => {
      if (data < 0) throw new RangeError('mine')
      return total + data
    },
    0,
  )
  sum.subscribe(() => {})
  await settled()
  send(['a', '1'], ['a', '-1'], ['a', '2'])
  expect(sum.value).toBe(3)
  expect(reported).toHaveBeenCalledTimes(1)
})

test('stores are Svelte stores: subscribing calls back at once, and returns what stops it', async () => {
  const { stream, send } = open()
  for (const store of [stream.latest('a'), stream.history('a'), stream.reduce('a', () => 1, 0)]) {
    const seen: unknown[] = []
    const stop = store.subscribe((value) => seen.push(value))
    // oxlint-disable-next-line no-await-in-loop
    await settled()
    expect(seen).toHaveLength(1)
    send(['a', '1'])
    expect(seen).toHaveLength(2)
    stop()
    send(['a', '2'])
    expect(seen).toHaveLength(2)
  }
})

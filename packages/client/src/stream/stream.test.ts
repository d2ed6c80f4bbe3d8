import { effect } from '@preact/signals-core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eventStream, setDefaultPool } from '../default-pool.ts'
import type { StreamOptions } from '../options.ts'
import { createPool } from '../pool.ts'
import { scriptedTransport } from '../transport/scripted-transport.test.support.ts'
import type { TransportRequest } from '../transport/transport.ts'
import { multiplex } from './channel.ts'
import { json, text } from './decode.ts'
import type { EventMap, NoMap } from './stream.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const url = 'https://example.test/events'
const opened = () => vi.advanceTimersByTimeAsync(0)

const asked = ({ request }: { readonly request: TransportRequest }) =>
  new URL(request.url).searchParams.getAll('channel')

function open<Map extends EventMap = NoMap>(options: StreamOptions<Map> = {}) {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  return { transport, pool, stream: pool.stream<Map>(url, options) }
}

test('a handle, its stores and a status light open nothing', async () => {
  const { transport, stream } = open()
  stream.latest('tick').peek()
  stream.status.subscribe(() => {})
  stream.error.subscribe(() => {})
  await opened()
  expect(transport.attempts).toHaveLength(0)
  expect(stream.status.value).toBe('idle')
})

test('readers of many types and handles share one connection', async () => {
  const { transport, pool, stream } = open()
  const other = pool.stream(url)
  stream.latest('a').subscribe(() => {})
  stream.on('b', () => {})
  other.reduce('c', (count) => count + 1, 0).subscribe(() => {})
  await opened()
  expect(transport.attempts).toHaveLength(1)
  transport.last().sink.open()
  expect([stream.status.value, other.status.value]).toEqual(['open', 'open'])
})

test('fifty readers that come together are one opening, a microtask later', async () => {
  const { transport, stream } = open()
  for (let n = 0; n < 50; n += 1) stream.on('a', () => {})
  expect(transport.attempts).toHaveLength(0)
  await Promise.resolve()
  expect(transport.attempts).toHaveLength(1)
})

test('whoever comes and goes at once opens nothing', async () => {
  const { transport, stream } = open()
  stream.on('a', () => {})()
  await opened()
  expect(transport.attempts).toHaveLength(0)
})

test('a reader that stops twice has stopped once; whoever comes while it lingers takes it over', async () => {
  const { transport, stream } = open()
  const first = stream.on('a', () => {})
  const second = stream.on('a', () => {})
  await opened()
  first()
  first()
  vi.advanceTimersByTime(5_000)
  expect(transport.last().closed).toBe(false)
  second()
  vi.advanceTimersByTime(999)
  stream.on('a', () => {})
  vi.advanceTimersByTime(5_000)
  expect(transport.last().closed).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})

test('the connection closes when the last reader has been gone for the linger', async () => {
  const { transport, stream } = open({ linger: 500 })
  const stop = stream.latest('a').subscribe(() => {})
  await opened()
  stop()
  vi.advanceTimersByTime(499)
  expect(transport.last().closed).toBe(false)
  vi.advanceTimersByTime(1)
  expect(transport.last().closed).toBe(true)
  expect(stream.status.value).toBe('idle')
  expect(vi.getTimerCount()).toBe(0)
})

test('an effect that re-runs keeps its connection', async () => {
  const { transport, stream } = open()
  const seen: unknown[] = []
  const stop = effect(() => {
    seen.push(stream.latest('a').value?.data)
  })
  await opened()
  transport.last().send(['a', '1'])
  transport.last().send(['a', '2'])
  expect(seen).toEqual([undefined, '1', '2'])
  expect(transport.attempts).toHaveLength(1)
  stop()
})

test('equal payloads notify each time', async () => {
  const { transport, stream } = open()
  let notified = 0
  stream.latest('a').subscribe(() => (notified += 1))
  await opened()
  transport.last().send(['a', 'same'])
  transport.last().send(['a', 'same'])
  expect(notified).toBe(3)
})

test('the events of one chunk are one commit, and no listener or reducer misses one', async () => {
  const { transport, stream } = open()
  const commits: unknown[] = []
  const heard: string[] = []
  const all = stream.reduce('a', (list: string, event) => list + event.data, '')
  effect(() => {
    commits.push([stream.latest('a').value?.data, all.value])
  })
  stream.on('a', (event) => heard.push(event.data))
  await opened()
  transport.last().send(['a', '1'], ['a', '2'], ['b', 'x'], ['a', '3'])
  expect(commits).toEqual([
    [undefined, ''],
    ['3', '123'],
  ])
  expect(heard).toEqual(['1', '2', '3'])
})

test('latest and channel give the same object for the same argument', () => {
  const { stream } = open()
  expect(stream.latest('a')).toBe(stream.latest('a'))
  expect(stream.channel('x')).toBe(stream.channel('x'))
  expect(stream.channel('x/y')).toBe(stream.channel('/x/y/'))
})

test('a late reader sees the last event at once, decoded its own way', async () => {
  const { transport, pool } = open()
  const raw = pool.stream(url, { events: { a: text } })
  const parsed = pool.stream(url, { events: { a: json<number>() } })
  raw.latest('a').subscribe(() => {})
  await opened()
  transport.last().send(['a', '41'])
  const seen: unknown[] = []
  parsed.latest('a').subscribe((event) => seen.push(event?.data))
  expect(seen.at(-1)).toBe(41)
})

test('a store that is made of an open stream holds the last event before anybody watches it', async () => {
  const { transport, pool, stream } = open()
  stream.on(['a', 'x'], () => {})
  await opened()
  transport.last().send(['a', '41'])
  const late = pool.stream(url, { events: { a: json<number>() } })
  expect(late.latest('a').peek()).toMatchObject({ type: 'a', data: 41 })
  expect(late.select('a', ({ data }) => data + 1).peek()).toBe(42)
  // What adds up begins when it is watched.
  expect(late.reduce('a', (sum, { data }) => sum + data, 0).peek()).toBe(0)
  expect(late.history('a').peek()).toEqual([])
  // Nobody asked for these before.
  expect([late.latest('*').peek(), late.channel('c').latest('a').peek()]).toEqual([
    undefined,
    undefined,
  ])
  pool.close()
  expect(pool.stream(url).latest('a').peek()).toBeUndefined()
  expect(transport.attempts).toHaveLength(1)
})

test('a store that was made before it is watched goes on from what is the last event by then', async () => {
  const { transport, pool, stream } = open()
  stream.on('a', () => {})
  await opened()
  transport.last().send(['a', '1'])
  const late = pool.stream(url).latest('a')
  transport.last().send(['a', '2'])
  const seen: unknown[] = []
  late.subscribe((event) => seen.push(event?.data))
  transport.last().send(['a', '3'])
  expect(seen).toEqual(['2', '3'])
})

test('a selector is shown the last event once, and one that throws is reported once', async () => {
  const report = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { transport, pool, stream } = open()
  stream.on('a', () => {})
  await opened()
  transport.last().send(['a', '1'])
  const late = pool.stream(url)
  const selector = vi.fn<(event: { data: string }) => string>(({ data }) => data)
  late.select('a', selector).subscribe(() => {})
  expect(selector).toHaveBeenCalledOnce()
  const failing = late.select('a', () => {
    throw new Error('mine')
  })
  failing.subscribe(() => {})
  expect(report).toHaveBeenCalledOnce()
  expect(failing.value).toBeUndefined()
})

test('a last event that does not decode is told to who reads it, and one that takes its time is waited for', async () => {
  const onError = vi.fn<(error: unknown) => void>()
  const { transport, pool, stream } = open()
  stream.on(['a', 'b'], () => {})
  await opened()
  transport.last().send(['a', '{'], ['b', '1'])
  const slow = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) => Promise.resolve({ value }),
    },
  } as const
  const late = pool.stream(url, { events: { a: json<number>(), b: slow }, onError })
  const [failed, waited] = [late.latest('a'), late.latest('b')]
  expect([failed.peek(), waited.peek()]).toEqual([undefined, undefined])
  expect(onError).not.toHaveBeenCalled()
  failed.subscribe(() => {})
  waited.subscribe(() => {})
  await opened()
  expect(onError).toHaveBeenCalledOnce()
  expect(waited.value?.data).toBe(1)
})

test('select notifies only when the selected value changes', async () => {
  const { transport, stream } = open({ events: { a: json<{ price: number; n: number }>() } })
  const seen: unknown[] = []
  stream.select('a', (event) => event.data.price).subscribe((price) => seen.push(price))
  await opened()
  for (const [n, price] of [1, 1, 2].entries()) {
    transport.last().send(['a', JSON.stringify({ price, n })])
  }
  expect(seen).toEqual([undefined, 1, 2])
})

test('select takes its own idea of sameness', async () => {
  const { transport, stream } = open({ events: { a: json<number[]>() } })
  const seen: unknown[] = []
  const equals = (a: number[], b: number[]) => a.length === b.length
  stream.select('a', (event) => event.data, { equals }).subscribe((value) => seen.push(value))
  await opened()
  transport.last().send(['a', '[1]'], ['a', '[2]'])
  transport.last().send(['a', '[1,2]'])
  expect(seen).toEqual([undefined, [1], [1, 2]])
})

test('reduce adds up while it is watched, and goes on from where it was', async () => {
  const { transport, stream } = open({ events: { a: json<number>() } })
  const sum = stream.reduce('a', (total: number, event) => total + event.data, 0)
  const stop = sum.subscribe(() => {})
  await opened()
  transport.last().send(['a', '1'], ['a', '2'])
  stop()
  transport.last().send(['a', '100'])
  expect(sum.value).toBe(3)
  sum.subscribe(() => {})
  transport.last().send(['a', '4'])
  expect(sum.value).toBe(7)
})

test('each event is decoded once for all who share a decoder, and not for types that nobody reads', async () => {
  const decode = vi.fn<(raw: string) => number>(Number)
  const { transport, stream } = open({ events: { a: decode, b: decode } })
  stream.latest('a').subscribe(() => {})
  stream.on('a', () => {})
  stream.on('*', () => {})
  stream.reduce('a', (n: number) => n, 0).subscribe(() => {})
  await opened()
  transport.last().send(['a', '1'])
  expect(decode).toHaveBeenCalledTimes(1)
  const { transport: other, stream: quiet } = open({ events: { a: decode, c: text } })
  quiet.on('c', () => {})
  await opened()
  other.last().send(['a', '1'])
  expect(decode).toHaveBeenCalledTimes(1)
})

test('a payload that does not decode is told once, with its text, and the stream goes on', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const { transport, stream } = open({ events: { a: json<number>() }, onError })
  const seen: unknown[] = []
  stream.on('a', (event) => seen.push(event.data))
  stream.latest('a').subscribe(() => {})
  await opened()
  transport.last().send(['a', '1'], ['a', '{'], ['a', '2'])
  expect(seen).toEqual([1, 2])
  expect(onError).toHaveBeenCalledTimes(1)
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'decode', data: '{' })
  transport.last().send(['a', 'x'])
  expect(stream.decodeError.value?.data).toBe('x')
  transport.last().send(['a', '3'])
  expect(stream.decodeError.value).toBeUndefined()
})

test('a listener, a selector, a reducer and a subscriber that throw are reported, and harm no other', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { transport, stream } = open()
  const heard: string[] = []
  const fail = () => {
    throw new Error('mine')
  }
  stream.on('a', fail)
  const selected = stream.select('a', (event) => (event.data === '2' ? fail() : event.data))
  selected.subscribe(() => {})
  stream.reduce('a', fail, 0).subscribe(() => {})
  stream.latest('a').subscribe((event) => {
    if (event !== undefined) fail()
  })
  stream.on('a', (event) => heard.push(event.data))
  await opened()
  transport.last().send(['a', '1'])
  transport.last().send(['a', '2'])
  expect(heard).toEqual(['1', '2'])
  expect(selected.value).toBe('1')
  expect(reported).toHaveBeenCalledTimes(7)
  expect(stream.status.value).toBe('connecting')
})

test('an abort ends the listening, and one that has come already starts none', async () => {
  const { transport, stream } = open()
  const heard: string[] = []
  const abort = new AbortController()
  stream.on('a', (event) => heard.push(event.data), { signal: abort.signal })
  await opened()
  transport.last().send(['a', '1'])
  abort.abort()
  transport.last().send(['a', '2'])
  stream.on('a', (event) => heard.push(event.data), { signal: abort.signal })
  transport.last().send(['a', '3'])
  expect(heard).toEqual(['1'])
})

test('a listener that stops another during an event is obeyed at once', async () => {
  const { transport, stream } = open()
  const heard: string[] = []
  stream.on('a', () => {
    stop()
  })
  const stop = stream.on('a', (event) => heard.push(event.data))
  await opened()
  transport.last().send(['a', '1'])
  expect(heard).toEqual([])
})

test("'*' hears every type, with the type's own decoder", async () => {
  const { transport, stream } = open({ events: { a: json<number>() } })
  const heard: unknown[] = []
  stream.on('*', (event) => heard.push([event.type, event.data]))
  await opened()
  transport.last().send(['a', '1'], ['b', '1'])
  expect(heard).toEqual([
    ['a', 1],
    ['b', '1'],
  ])
})

test("a transport that hears declared types only is told of them, and refuses '*'", async () => {
  const transport = scriptedTransport({ hearsEveryType: false })
  const stream = createPool({ transport }).stream(url)
  stream.on('a', () => {})
  await opened()
  stream.on('b', () => {})
  expect(transport.last().types).toEqual(new Set(['heartbeat', 'millrace-reset', 'a', 'b']))
  expect(() => stream.on('*', () => {})).toThrow("Cannot listen to '*'")
})

test('each channel is a connection of its own under the default scheme', async () => {
  const { transport, stream } = open()
  stream.channel('a').on('x', () => {})
  stream.channel('b').on('x', () => {})
  await opened()
  expect(transport.attempts.map(({ request }) => new URL(request.url).search)).toEqual([
    '?channel=a',
    '?channel=b',
  ])
  transport.attempts[0]?.sink.open()
  expect(stream.channel('a').status.value).toBe('open')
  expect(stream.status.value).toBe('connecting')
})

test('a hundred readers of ten multiplexed channels are one request, and each hears its own', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  const heard: string[] = []
  for (let n = 0; n < 100; n += 1) {
    stream.channel(`c${n % 10}`).on('x', (event) => heard.push(`${n}:${event.channel}`))
  }
  await opened()
  expect(transport.attempts).toHaveLength(1)
  expect(new URL(transport.last().request.url).searchParams.getAll('channel')).toHaveLength(10)
  transport.last().send(['x', '', 'c3@1'])
  expect(heard).toHaveLength(10)
  expect(heard.every((entry) => entry.endsWith('3:c3'))).toBe(true)
})

test('a parent channel hears its children, the whole stream hears all, and each reader hears an event once', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  const heard: string[] = []
  stream.on('x', (event) => heard.push(`all ${event.data}`))
  stream.channel('pets').on('x', (event) => heard.push(`pets ${event.data}`))
  stream.channel('pets/dogs').on('x', (event) => heard.push(`dogs ${event.data}`))
  await opened()
  expect(new URL(transport.last().request.url).search).toBe('?channel=pets')
  transport.last().send(['x', '1', 'pets/dogs@1'], ['x', '2', 'pets/dogs,pets/cats@2'])
  transport.last().send(['x', '3', 'petshop@3'])
  expect(heard.toSorted()).toEqual([
    'all 1',
    'all 2',
    'all 3',
    'dogs 1',
    'dogs 2',
    'pets 1',
    'pets 2',
  ])
})

test('a channel that comes into use later is asked for from the cursor, in one change', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  stream.channel('a').on('x', () => {})
  await opened()
  transport.last().sink.open()
  transport.last().send(['x', '', 'a@7'])
  stream.channel('b').on('x', () => {})
  stream.channel('c').on('x', () => {})
  stream.channel('a/child').on('x', () => {})
  await opened()
  expect(transport.attempts).toHaveLength(2)
  expect(transport.last().request.lastEventId).toBe('a@7')
  expect(new URL(transport.last().request.url).search).toBe(
    '?channel=a&channel=b&channel=c&added=b&added=c',
  )
})

test('while the set of channels changes, nothing is lost and nothing heard twice', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  const heard: string[] = []
  stream.channel('a').on('x', (event) => heard.push(event.data))
  await opened()
  const old = transport.last()
  old.sink.open()
  old.send(['x', '1', '1'])
  stream.channel('b').on('x', (event) => heard.push(`b${event.data}`))
  await opened()
  const successor = transport.last()
  old.send(['x', '2', '2'])
  expect(old.closed).toBe(false)
  expect(stream.status.value).toBe('open')
  successor.sink.open()
  expect(old.closed).toBe(true)
  successor.send(['x', '2', 'a@2'], ['x', '3', 'b@3'])
  successor.send(['x', '4', 'a@4'], ['x', '4', 'a@5'])
  expect(heard).toEqual(['1', '2', 'b3', '4', '4'])
})

test('a change during a change waits for it', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  stream.channel('a').on('x', () => {})
  await opened()
  transport.last().sink.open()
  transport.last().sink.receive([], '0')
  stream.channel('b').on('x', () => {})
  await opened()
  stream.channel('c').on('x', () => {})
  await opened()
  expect(transport.attempts).toHaveLength(2)
  transport.last().sink.open()
  expect(transport.attempts).toHaveLength(3)
  transport.last().sink.open()
  expect(asked(transport.last())).toEqual(['a', 'b', 'c'])
  expect(transport.attempts.map(({ closed }) => closed)).toEqual([true, true, false])
})

test('a channel that the server refuses is told of, and harms no reader of the others', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  const heard: string[] = []
  stream.channel('a').on('x', (event) => heard.push(event.data))
  await opened()
  transport.last().sink.open()
  transport.last().sink.receive([], '0')
  stream.channel('secret').on('x', () => {})
  await opened()
  transport.last().sink.close({ kind: 'status', status: 403, retryAfter: undefined })
  expect(stream.status.value).toBe('open')
  expect(stream.error.value?.status).toBe(403)
  transport.attempts[0]?.send(['x', 'still', 'a@1'])
  expect(heard).toEqual(['still'])
})

test('who reads a channel that is refused is told that no more will come, and it is asked for again when somebody new does', async () => {
  const { transport, stream } = open({ channels: multiplex(), linger: 100 })
  stream.channel('a').on('x', () => {})
  await opened()
  transport.last().sink.open()
  transport.last().sink.receive([], '0')
  const secret = stream.channel('secret').events('x').next()
  await opened()
  expect(asked(transport.last())).toEqual(['a', 'secret'])
  transport.last().sink.close({ kind: 'status', status: 403, retryAfter: undefined })
  await expect(secret).rejects.toMatchObject({ code: 'status', status: 403 })
  // What breaks comes back without it.
  transport.attempts[0]?.sink.close({ kind: 'network', cause: undefined })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked(transport.last())).toEqual(['a'])
  transport.last().sink.open()
  stream.channel('secret').on('x', () => {})
  await opened()
  expect(asked(transport.last())).toEqual(['a', 'secret'])
})

test('a parent that is refused leaves its children as they were', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  const heard: string[] = []
  stream.channel('a/b').on('x', (event) => heard.push(event.data))
  await opened()
  transport.last().sink.open()
  transport.last().sink.receive([], '0')
  stream.channel('a').on('x', () => {})
  await opened()
  expect(asked(transport.last())).toEqual(['a'])
  transport.last().sink.close({ kind: 'status', status: 403, retryAfter: undefined })
  stream.channel('c').on('x', () => {})
  await opened()
  expect(asked(transport.last())).toEqual(['a/b', 'c'])
  transport.last().sink.open()
  transport.last().send(['x', 'still', 'a/b@1'])
  expect(heard).toEqual(['still'])
  stream.reconnect()
  expect(asked(transport.last())).toEqual(['a', 'c'])
})

test('ids that servers label for themselves tell events apart, where nobody asks for labels', async () => {
  const { transport, stream } = open()
  const heard: string[] = []
  stream.on('x', (event) => heard.push(event.lastEventId))
  await opened()
  transport.last().sink.open()
  transport.last().send(['x', 'same', 'orders@1'])
  transport.last().sink.close({ kind: 'network', cause: undefined })
  await vi.advanceTimersByTimeAsync(1_000)
  transport.last().sink.open()
  transport.last().send(['x', 'same', 'trades@1'], ['x', 'same', 'orders@1'])
  expect(heard).toEqual(['orders@1', 'trades@1'])
})

test('close lets go of what this handle holds, and of nobody else’s', async () => {
  const { transport, pool, stream } = open()
  const other = pool.stream(url)
  const heard: string[] = []
  stream.on('a', () => heard.push('mine'))
  other.on('a', () => heard.push('theirs'))
  await opened()
  stream.close()
  transport.last().send(['a', '1'])
  expect(heard).toEqual(['theirs'])
  vi.advanceTimersByTime(5_000)
  expect(transport.last().closed).toBe(false)
  other.close()
  vi.advanceTimersByTime(1_000)
  expect(transport.last().closed).toBe(true)
})

test('the newest reader’s headers function is the one that is called', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  const read = (token: string) => pool.stream(url, { headers: () => ({ token }) }).on('a', () => {})
  read('old')
  await opened()
  read('new')
  await opened()
  expect(transport.attempts).toHaveLength(1)
  transport.last().sink.close({ kind: 'network', cause: undefined })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(transport.last().request.headers).toEqual({ token: 'new' })
})

test('a closed pool ends everything; who reads later reads anew', async () => {
  const { transport, pool, stream } = open()
  const stop = stream.on('a', () => {})
  await opened()
  pool.close()
  expect(transport.last().closed).toBe(true)
  stop()
  expect(vi.getTimerCount()).toBe(0)
  stream.on('a', () => {})
  await opened()
  expect(transport.attempts).toHaveLength(2)
})

test('a pool that is closed in the turn of a first reader opens nothing, then or when the reader goes', async () => {
  const { transport, pool, stream } = open()
  const stop = stream.on('a', () => {})
  pool.close()
  await opened()
  stop()
  expect(transport.attempts).toHaveLength(0)
  expect(vi.getTimerCount()).toBe(0)
})

test('a subscriber of the status that throws is reported, and the connection goes on', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { transport, stream } = open()
  stream.status.subscribe((status) => {
    if (status === 'open') throw new Error('mine')
  })
  stream.on('a', () => {})
  await opened()
  transport.last().sink.open()
  expect(stream.status.value).toBe('open')
  expect(reported).toHaveBeenCalledTimes(1)
})

test('who reads anew when a stream ends reads a feed that the pool knows', async () => {
  const { transport, pool, stream } = open()
  const stop = stream.on('a', () => {})
  await opened()
  let again = false
  stream.status.subscribe((status) => {
    if (status !== 'idle' || again) return
    again = true
    stream.on('a', () => {})
  })
  stop()
  await vi.advanceTimersByTimeAsync(1_000)
  stream.on('b', () => {})
  await opened()
  expect(transport.attempts).toHaveLength(2)
  pool.close()
  expect(transport.attempts.every(({ closed }) => closed)).toBe(true)
})

test('an effect that reads a stream runs once', async () => {
  const { stream } = open()
  let runs = 0
  const stop = effect(() => {
    runs += 1
    return stream.on('a', () => {})
  })
  await opened()
  expect(runs).toBe(1)
  stop()
})

test('a stream begun from a snapshot goes on from its cursor after everyone has left', async () => {
  const { transport, stream } = open({ initialLastEventId: '10' })
  const count = stream.reduce('a', (n: number) => n + 1, 0)
  const stop = count.subscribe(() => {})
  await opened()
  expect(transport.last().request.lastEventId).toBe('10')
  transport.last().send(['a', '', '11'])
  stop()
  await vi.advanceTimersByTimeAsync(1_000)
  count.subscribe(() => {})
  await opened()
  expect(transport.last().request.lastEventId).toBe('11')
})

test('who starts to read during an event waits for the next', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  const heard: string[] = []
  const chain = (n: number) => {
    stream.channel(`c${n}`).on('a', (event) => {
      heard.push(`c${n} ${event.data}`)
      if (n < 3) chain(n + 1)
    })
  }
  chain(0)
  stream.channel('z').on('a', () => {
    stream.on('*', (event) => heard.push(`* ${event.data}`))
  })
  await opened()
  transport.last().send(['a', '1'])
  expect(heard).toEqual(['c0 1'])
})

test("an event that a server named '*' is heard once", async () => {
  const { transport, stream } = open()
  const heard: string[] = []
  stream.on('*', (event) => heard.push(event.data))
  await opened()
  transport.last().send(['*', '1'])
  expect(heard).toEqual(['1'])
})

test("a '*' that is refused leaves nothing behind", () => {
  const pool = createPool({ transport: scriptedTransport({ hearsEveryType: false }) })
  const stream = pool.stream(url)
  expect(() => stream.on('*', () => {})).toThrow("Cannot listen to '*'")
  expect(stream.status.value).toBe('idle')
  expect(vi.getTimerCount()).toBe(0)
})

test('schemes that ask in another way do not share a connection', async () => {
  const { transport, pool } = open()
  const read = (param: string, name: string) =>
    pool
      .stream(url, { channels: multiplex({ param }) })
      .channel(name)
      .on('x', () => {})
  read('topic', 'a')
  read('channel', 'b')
  read('channel', 'c')
  await opened()
  expect(transport.attempts.map(({ request }) => new URL(request.url).search)).toEqual([
    '?topic=a',
    '?channel=b&channel=c',
  ])
})

test('the headers function of a reader who has left is called no more', async () => {
  const { transport, pool } = open()
  const read = (who: string) => pool.stream(url, { headers: () => ({ who }) }).on('a', () => {})
  read('alive')
  const leave = read('gone')
  await opened()
  leave()
  transport.last().sink.close({ kind: 'network', cause: undefined })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(transport.last().request.headers).toEqual({ who: 'alive' })
})

test("a handle's status covers its channels at any depth, however they are named", async () => {
  const { transport, stream } = open()
  expect(stream.channel('a').channel('b')).toBe(stream.channel('a/b'))
  stream
    .channel('a')
    .channel('b')
    .on('x', () => {})
  await opened()
  transport.last().sink.open()
  expect([stream.status.value, stream.channel('a').status.value]).toEqual(['open', 'open'])
  expect(stream.channel('other').status.value).toBe('idle')
  stream.reconnect()
  expect(transport.attempts).toHaveLength(2)
})

test('a channel that nobody reads stays asked for while it lingers, and no longer', async () => {
  const { transport, stream } = open({ channels: multiplex() })
  const asked = () => new URL(transport.last().request.url).searchParams.getAll('channel')
  stream.channel('a').on('x', () => {})
  const leave = stream.channel('b').on('x', () => {})
  await opened()
  transport.last().sink.open()
  transport.last().sink.receive([], '0')
  leave()
  stream.channel('c').on('x', () => {})
  await opened()
  expect(asked()).toEqual(['a', 'b', 'c'])
  transport.last().sink.open()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked()).toEqual(['a', 'c'])
})

test("the pool's onError hears of an event once, however many handles read it", async () => {
  const onError = vi.fn<(error: Error) => void>()
  const transport = scriptedTransport()
  const pool = createPool({ transport, onError })
  for (let n = 0; n < 5; n += 1) {
    pool.stream(url, { events: { a: json() } }).on('a', () => {})
  }
  await opened()
  transport.last().send(['a', '{'], ['a', '{'])
  expect(onError).toHaveBeenCalledTimes(2)
})

test("another type's good event does not hide a payload that did not decode", async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { transport, stream } = open({ events: { a: json(), b: json() } })
  stream.on('a', () => {})
  stream.on('b', () => {})
  await opened()
  transport.last().send(['a', '{'], ['b', '1'])
  expect(stream.decodeError.value?.data).toBe('{')
  transport.last().send(['a', '1'])
  expect(stream.decodeError.value).toBeUndefined()
})

test('a type named like a method of objects has no decoder', async () => {
  const { transport, stream } = open({ events: { a: json() } })
  const heard: unknown[] = []
  stream.on('*', (event) => heard.push(event.data))
  await opened()
  transport.last().send(['constructor', '1'], ['toString', '2'], ['__proto__', '3'])
  expect(heard).toEqual(['1', '2', '3'])
})

test('a selector may select undefined, and may throw at first', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { transport, stream } = open({ events: { a: json<{ n: number } | null>() } })
  const equals = vi.fn<(a: number, b: number) => boolean>(Object.is)
  const seen: unknown[] = []
  stream.select('a', (event) => event.data?.n as number, { equals }).subscribe((n) => seen.push(n))
  stream.select('a', (event) => (event.data as { n: number }).n, { equals }).subscribe(() => {})
  await opened()
  transport.last().send(['a', 'null'])
  transport.last().send(['a', '{"n":1}'])
  expect(seen).toEqual([undefined, 1])
  expect(equals.mock.calls).toEqual([[undefined, 1]])
})

test('a status light follows the pool that its stream is read in', async () => {
  const transport = scriptedTransport()
  const stream = eventStream(url)
  const seen: string[] = []
  stream.status.subscribe((status) => seen.push(status))
  const restore = setDefaultPool(createPool({ transport }))
  stream.on('a', () => {})
  await opened()
  restore()
  transport.last().sink.open()
  expect(seen).toEqual(['idle', 'connecting', 'open'])
})

test('a scheme that throws loses only the event it threw at', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { transport, stream } = open({
    channels: {
      shared: false,
      url: (whole) => whole,
      channelsOf: (event) => {
        if (event.data === 'bad') throw new Error('mine')
        return []
      },
    },
  })
  const heard: string[] = []
  stream.on('a', (event) => heard.push(event.data))
  await opened()
  transport.last().send(['a', '1'], ['a', 'bad'], ['a', '2'])
  expect(heard).toEqual(['1', '2'])
})

test("a stream's retry options leave the pool's others as they are", async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport, retry: { initialDelay: 10 } })
  pool.stream(url, { retry: { maxRetries: 1 } }).on('a', () => {})
  await opened()
  transport.last().sink.close({ kind: 'network', cause: undefined })
  vi.advanceTimersByTime(10)
  expect(transport.attempts).toHaveLength(2)
})

test('a store that is watched again at the same event does not notify of another', async () => {
  const { transport, stream } = open()
  const store = stream.latest('a')
  const stop = store.subscribe(() => {})
  await opened()
  transport.last().send(['a', '1'])
  const before = store.value
  stop()
  store.subscribe(() => {})
  expect(store.value).toBe(before)
})

test.each([
  [{ body: 'x' }, 'Cannot send a body with GET'],
  [{ transport: 'fecth' as 'fetch' }, 'Cannot use transport "fecth"'],
  [{ retry: { factor: 0.5 } }, 'Cannot use factor 0.5'],
  [{ retry: { jitter: 2 } }, 'Cannot use jitter 2'],
  [{ retry: { maxRetries: -1 } }, 'Cannot use maxRetries -1'],
  [{ retry: { initialDelay: NaN } }, 'Cannot use initialDelay NaN'],
])('options that no stream could have are an error at once: %o', (options, message) => {
  expect(() => createPool().stream(url, options)).toThrow(message)
})

test('a header that cannot be sent is an error to who reads', () => {
  const stream = createPool().stream(url, { headers: { 'bad name': 'x' } })
  expect(() => stream.on('a', () => {})).toThrow('Cannot send the header "bad name"')
})

test('an endless linger never closes', async () => {
  const { transport, stream } = open({ linger: Infinity })
  stream.on('a', () => {})()
  stream.on('b', () => {})
  await opened()
  stream.close()
  vi.advanceTimersByTime(86_400_000)
  expect(transport.last().closed).toBe(false)
})

test('a channel without a name is an error', () => {
  const { stream } = open()
  expect(() => stream.channel('/')).toThrow('Cannot read channel "/"')
})

test('a store of a relative URL, where there is no page, is an error only to who goes on holding it', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  const stream = createPool().stream('/events')
  const price = stream.select('tick', ({ data }) => data)
  const seen: unknown[] = []
  price.subscribe((value) => seen.push(value))()
  await opened()
  expect(seen).toEqual([undefined])
  expect(told).not.toHaveBeenCalled()

  price.subscribe(() => {})
  await opened()
  expect(String(told.mock.calls)).toContain('Cannot open /events: there is no page here')
  expect(() => stream.on('tick', () => {})).toThrow('Cannot open /events')
})

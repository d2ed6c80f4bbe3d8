import { effect } from '@preact/signals-core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPool } from '../pool.ts'
import { scriptedTransport } from '../transport/scripted-transport.test.support.ts'
import { json } from './decode.ts'
import { open as openStream, settled, url } from './scripted-stream.test.support.ts'

/** The animation frames of a page, which come when the test says so. */
let frames: Map<number, () => void>
let asked: number

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  frames = new Map()
  asked = 0
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    asked += 1
    frames.set(asked, callback)
    return asked
  })
  vi.stubGlobal('cancelAnimationFrame', (frame: number) => frames.delete(frame))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function frame(): void {
  const due = [...frames.values()]
  frames.clear()
  for (const callback of due) callback()
}

function open() {
  const { transport, stream, send } = openStream({
    commit: 'frame',
    events: { a: json<number>(), b: json<number>() },
  })
  const stores = {
    latest: stream.latest('a'),
    selected: stream.select('a', (event) => event.data * 10),
    sum: stream.reduce('a', (total: number, event) => total + event.data, 0),
    history: stream.history('a', { limit: 2 }),
  }
  const read = () => [
    stores.latest.value?.data,
    stores.selected.value,
    stores.sum.value,
    stores.history.value.map(({ data }) => data),
  ]
  return { transport, stream, send, stores, read }
}

const nothing = [undefined, undefined, 0, []]

test('stores move with the frame, all at once; listeners and reducers see each event as it comes', async () => {
  const { stream, send, read } = open()
  const seen: unknown[] = []
  const heard: number[] = []
  effect(() => {
    seen.push(read())
  })
  stream.on('a', (event) => heard.push(event.data))
  await settled()
  send(['a', '1'])
  send(['a', '2'], ['a', '3'])
  expect(heard).toEqual([1, 2, 3])
  expect(seen).toEqual([nothing])
  frame()
  expect(seen).toEqual([nothing, [3, 30, 6, [2, 3]]])
})

test('between two frames no store moves, however often it is read', async () => {
  const { send, read } = open()
  effect(() => void read())
  await settled()
  send(['a', '1'])
  expect(read()).toEqual(nothing)
  frame()
  // What nobody has read since the frame is what it was at the frame.
  send(['a', '2'], ['a', '3'], ['a', '4'], ['a', '5'], ['a', '6'])
  expect(read()).toEqual([1, 10, 1, [1]])
  frame()
  expect(read()).toEqual([6, 60, 21, [5, 6]])
})

test('a history that nobody has read since the frame is what it was at the frame', async () => {
  const { stream, send } = open()
  const history = stream.history('a', { limit: 2 })
  // It is held by who looks only once.
  let look = true
  const held = stream.history('a')
  effect(() => {
    void held.value
    if (look) void history.value
  })
  await settled()
  send(['a', '1'], ['a', '2'])
  frame()
  look = false
  for (let n = 3; n < 20; n += 1) send(['a', String(n)])
  expect(history.peek().map(({ data }) => data)).toEqual([1, 2])
})

test('a tab that has no frames moves ten times a second', async () => {
  const { send, read } = open()
  effect(() => void read())
  await settled()
  send(['a', '1'])
  vi.advanceTimersByTime(99)
  expect(read()).toEqual(nothing)
  vi.advanceTimersByTime(1)
  expect(read()).toEqual([1, 10, 1, [1]])
  expect(frames.size).toBe(0)
})

test('where there is no requestAnimationFrame, stores move ten times a second', async () => {
  vi.unstubAllGlobals()
  const { send, read } = open()
  effect(() => void read())
  await settled()
  send(['a', '1'])
  expect(read()).toEqual(nothing)
  vi.advanceTimersByTime(100)
  expect(read()).toEqual([1, 10, 1, [1]])
})

test('one frame is asked for, and none where nothing has changed', async () => {
  const { stream, send, read } = open()
  effect(() => void read())
  stream.on('b', () => {})
  await settled()
  send(['b', '1'])
  expect(frames.size).toBe(0)
  const timers = vi.getTimerCount()
  send(['a', '1'], ['a', '2'])
  send(['a', '3'])
  expect(asked).toBe(1)
  frame()
  expect([asked, frames.size, vi.getTimerCount()]).toEqual([1, 0, timers])
})

test('what nobody watches any more is published at once, and its frame is not waited for', async () => {
  const { send, read } = open()
  const stop = effect(() => void read())
  await settled()
  send(['a', '1'], ['a', '2'])
  stop()
  expect(read()).toEqual([2, 20, 3, [1, 2]])
  expect(frames.size).toBe(0)
})

test('a late reader sees the last event at once', async () => {
  const { stream, send } = open()
  stream.on('a', () => {})
  await settled()
  send(['a', '1'])
  const late = stream.latest('a')
  late.subscribe(() => {})
  expect(late.value?.data).toBe(1)
})

test('streams that go by one clock move together, in one change', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport, commit: 'frame' })
  const [one, other] = [pool.stream(url), pool.stream(`${url}/other`)]
  const seen: unknown[] = []
  effect(() => {
    seen.push([one.latest('a').value?.data, other.latest('a').value?.data])
  })
  await settled()
  for (const attempt of transport.attempts) attempt.send(['a', '1'])
  frame()
  expect(seen).toEqual([
    [undefined, undefined],
    ['1', '1'],
  ])
  expect(asked).toBe(1)
})

test('a stream may say otherwise than its pool', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport, commit: 'frame' })
  const store = pool.stream(url, { commit: 'chunk' }).latest('a')
  store.subscribe(() => {})
  await settled()
  transport.last().send(['a', '1'])
  expect(store.value?.data).toBe('1')
})

test('a gap restarts at the frame too', async () => {
  const { stream, send } = open()
  const count = stream.reduce('a', (n: number) => n + 1, 0, { onGap: 'restart' })
  const history = stream.history('a', { onGap: 'restart' })
  effect(() => void [count.value, history.value])
  await settled()
  send(['a', '1'], ['a', '2'])
  frame()
  send(['millrace-reset', ''], ['a', '3'])
  expect([count.value, history.value.length]).toEqual([2, 2])
  frame()
  expect([count.value, history.value.length]).toEqual([1, 1])
})

test('a selector or a subscriber that throws at the frame is reported, and harms no other', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { stream, send, stores } = open()
  const bad = stream.select('a', () => {
    throw new Error('mine')
  })
  bad.subscribe(() => {})
  stores.sum.subscribe((sum) => {
    if (sum > 0) throw new Error('mine')
  })
  const seen: unknown[] = []
  stores.latest.subscribe((event) => seen.push(event?.data))
  await settled()
  send(['a', '1'])
  frame()
  expect(seen).toEqual([undefined, 1])
  expect(reported).toHaveBeenCalledTimes(2)
})

test('what a listener reads between frames is what everybody sees', async () => {
  const { stream, send, stores } = open()
  stores.sum.subscribe(() => {})
  const read: number[] = []
  stream.on('a', () => read.push(stores.sum.value))
  await settled()
  send(['a', '1'], ['a', '2'])
  frame()
  send(['a', '3'])
  expect(read).toEqual([0, 0, 3])
})

test('a commit that is neither is an error', () => {
  expect(() => openStream({ commit: 'frames' as 'frame' })).toThrow(
    'Cannot use commit "frames": it is not one of',
  )
})

test('a network chunk is one commit, however long it is', async () => {
  const events = Array.from({ length: 20_000 }, (_, n) => `data: ${n}\n\n`).join('')
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(events)),
  })
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const pool = createPool()
  const stream = pool.stream(url, { fetch: () => Promise.resolve(response) })
  const seen: unknown[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  stream.latest('message').subscribe((event) => {
    seen.push(event?.data)
    if (event?.data === '19999') resolve()
  })
  await promise
  expect(seen).toEqual([undefined, '19999'])
  pool.close()
})

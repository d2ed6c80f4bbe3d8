import { expect, test } from 'vitest'
import { eventIterator } from './iterator.ts'

function supply(signal?: AbortSignal) {
  const state: {
    reading: number
    stopped: number
    receive: (event: number) => void
    end: (error?: unknown) => void
  } = { reading: 0, stopped: 0, receive: () => {}, end: () => {} }
  const events = eventIterator<number>({
    start: (sink) => {
      state.reading += 1
      state.receive = sink.receive
      state.end = sink.end
      return () => {
        state.stopped += 1
      }
    },
    signal,
  })
  return { state, events }
}
const value = (number: number) => ({ done: false, value: number })
const done = { done: true, value: undefined }

test('nothing is read before it is asked for', async () => {
  const { state, events } = supply()
  expect(state.reading).toBe(0)
  const first = events.next()
  expect(state.reading).toBe(1)
  state.receive(1)
  expect(await first).toEqual(value(1))
})

test('a reader that is slower than the stream gets every event, in order', async () => {
  const { state, events } = supply()
  const first = events.next()
  for (let n = 0; n < 1_000; n += 1) state.receive(n)
  const heard = [(await first).value]
  state.end()
  for await (const event of events) heard.push(event)
  expect(heard).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
  expect(state.stopped).toBe(1)
})

test('several that wait are served in the order they came', async () => {
  const { state, events } = supply()
  const waiting = [events.next(), events.next(), events.next()]
  state.receive(1)
  state.receive(2)
  state.end()
  expect(await Promise.all(waiting)).toEqual([value(1), value(2), done])
})

test('a stream that ends ends the loop, after what is left', async () => {
  const { state, events } = supply()
  void events.next()
  state.receive(0)
  state.receive(1)
  state.end()
  state.receive(2)
  expect(await events.next()).toEqual(value(1))
  expect(await events.next()).toEqual(done)
  expect(await events.next()).toEqual(done)
})

test('a stream that fails throws, after what is left, and once', async () => {
  const { state, events } = supply()
  void events.next()
  state.receive(0)
  state.receive(1)
  state.end(new Error('refused'))
  expect(await events.next()).toEqual(value(1))
  await expect(events.next()).rejects.toThrow('refused')
  expect(await events.next()).toEqual(done)
})

test('of several that wait when it fails, the first hears why', async () => {
  const { state, events } = supply()
  const waiting = [events.next(), events.next()]
  state.end(new Error('refused'))
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
  ])
})

test('leaving the loop stops the reading', async () => {
  const { state, events } = supply()
  const loop = (async () => {
    for await (const _ of events) return
  })()
  state.receive(1)
  await loop
  expect(state.stopped).toBe(1)
  expect(await events.next()).toEqual(done)
})

test('a return does not wait for the next event', async () => {
  const { state, events } = supply()
  const waiting = events.next()
  expect(await events.return(undefined)).toEqual(done)
  expect(await waiting).toEqual(done)
  expect(state.stopped).toBe(1)
})

test('a return before the first event reads nothing, ever', async () => {
  const { state, events } = supply()
  await events.return(undefined)
  expect(await events.next()).toEqual(done)
  expect(state.reading).toBe(0)
})

test('a throw stops the reading, and is thrown', async () => {
  const { state, events } = supply()
  void events.next()
  await expect(events.throw(new Error('mine'))).rejects.toThrow('mine')
  expect(state.stopped).toBe(1)
})

test('an abort throws its reason, drops what is left, and stops the reading', async () => {
  const abort = new AbortController()
  const { state, events } = supply(abort.signal)
  void events.next()
  state.receive(0)
  state.receive(1)
  abort.abort(new Error('enough'))
  expect(state.stopped).toBe(1)
  await expect(events.next()).rejects.toThrow('enough')
  expect(await events.next()).toEqual(done)
})

test('a signal that has aborted already reads nothing', async () => {
  const { state, events } = supply(AbortSignal.abort(new Error('before')))
  await expect(events.next()).rejects.toThrow('before')
  expect(state.reading).toBe(0)
})

test('what cannot be read is thrown by the first next', async () => {
  const events = eventIterator<number>({
    start: () => {
      throw new TypeError('unsupported')
    },
  })
  await expect(events.next()).rejects.toThrow('unsupported')
  expect(await events.next()).toEqual(done)
})

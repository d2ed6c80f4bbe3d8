import { afterEach, expect, test, vi } from 'vitest'
import { json } from './decode.ts'
import { open, settled } from './scripted-stream.test.support.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

test('a listener of several types hears them in the order they came, each once', async () => {
  const { stream, send } = open({ events: { a: json<number>(), b: json<boolean>() } })
  const heard: unknown[] = []
  stream.on(['a', 'b', 'a'], (event) => heard.push(event.data))
  await settled()
  send(['b', 'true'], ['a', '1'], ['c', 'x'], ['b', 'false'])
  expect(heard).toEqual([true, 1, false])
})

test("'*' among others is all, each once", async () => {
  const { stream, send } = open()
  const heard: string[] = []
  stream.on(['a', '*'], (event) => heard.push(event.data))
  await settled()
  send(['a', '1'], ['b', '2'])
  expect(heard).toEqual(['1', '2'])
})

test('a listener of no type is an error', () => {
  const { stream } = open()
  expect(() => stream.on([], () => {})).toThrow('Cannot use event types')
  expect(() => stream.on(undefined as unknown as 'a', () => {})).toThrow('Cannot use event types')
})

test('once hears one event, of whichever type comes first', async () => {
  const { stream, send } = open()
  const heard: string[] = []
  stream.on(['a', 'b'], (event) => heard.push(event.data), { once: true })
  stream.on('a', (event) => heard.push(`all ${event.data}`))
  await settled()
  send(['b', '1'], ['a', '2'], ['b', '3'])
  expect(heard).toEqual(['1', 'all 2'])
})

test('once lets go of the connection with its event, and of its signal', async () => {
  vi.useFakeTimers()
  const { transport, stream, send } = open({ linger: 0 })
  const abort = new AbortController()
  const remove = vi.spyOn(abort.signal, 'removeEventListener')
  const stop = stream.on('a', () => {}, { once: true, signal: abort.signal })
  await settled()
  send(['a', '1'])
  vi.advanceTimersByTime(0)
  expect(transport.last().closed).toBe(true)
  expect(remove).toHaveBeenCalledTimes(1)
  stop()
  abort.abort()
  vi.useRealTimers()
})

test('an event that is sent within a listener is heard after it, once', async () => {
  const { stream, send } = open()
  const heard: string[] = []
  stream.on(
    'a',
    (event) => {
      heard.push(event.data)
      send(['a', '2'])
    },
    { once: true },
  )
  await settled()
  send(['a', '1'])
  expect(heard).toEqual(['1'])
})

test("over a transport that has to be told, '*' hears the types of the map and message", async () => {
  const { transport, stream, send } = open(
    { events: { a: json<number>(), b: json<number>() } },
    { hearsEveryType: false },
  )
  const heard: unknown[] = []
  stream.on('*', (event) => heard.push([event.type, event.data]))
  await settled()
  for (const type of ['a', 'b', 'message']) expect(transport.last().types).toContain(type)
  send(['a', '1'], ['message', 'x'])
  expect(heard).toEqual([
    ['a', 1],
    ['message', 'x'],
  ])
  stream.reconnect()
  expect(transport.last().types).toContain('b')
})

test("over a transport that has to be told, '*' without a map is refused, and so is one of '*' alone", () => {
  for (const options of [{}, { events: { '*': json() } }]) {
    const { stream } = open(options, { hearsEveryType: false })
    expect(() => stream.on('*', () => {})).toThrow("Cannot listen to '*'")
  }
})

test("a decoder for '*' is for the types that have none of their own", async () => {
  const { stream, send } = open({ events: { a: json<number>(), '*': (raw) => `<${raw}>` } })
  const heard: unknown[] = []
  stream.on('*', (event) => heard.push(event.data))
  stream.on('b', (event) => heard.push(event.data))
  await settled()
  send(['a', '1'], ['b', '2'])
  expect(heard).toEqual([1, '<2>', '<2>'])
})

import { expect, test } from 'vitest'
import { eventStream, setDefaultPool } from '../default-pool.ts'
import { createPool, type Pool } from '../pool.ts'
import { readEvents, type ReadEventsOptions } from '../read-events.ts'
import type { PoolOptions, StreamOptions } from '../options.ts'
import { multiplex, pathChannel, queryChannel } from '../stream/channel.ts'
import { scriptedTransport } from '../transport/scripted-transport.test.support.ts'

const url = 'https://example.test/'

/** What JavaScript lets one pass for anything. */
const anything: readonly unknown[] = [
  null,
  7,
  Number.NaN,
  -1,
  true,
  '',
  'x',
  Symbol('x'),
  {},
  [],
  () => {},
]

/** Which of them each option takes. */
const takes: Readonly<Record<keyof (PoolOptions & StreamOptions), readonly unknown[]>> = {
  transport: [],
  fetch: ['function'],
  EventSource: ['function'],
  maxEventSize: [7],
  channels: [],
  retry: ['object'],
  heartbeatTimeout: [7],
  openWhenHidden: [true],
  hiddenDelay: [7],
  linger: [7],
  dedup: [true],
  resume: [],
  commit: [],
  clock: [],
  onError: ['function'],
  onGap: ['function'],
  onTrace: ['function'],
  // An array can be joined.
  tabs: ['object'],
  events: ['object'],
  initialLastEventId: ['string'],
  onEnd: [],
  doneWhen: ['function'],
  buffer: [7],
  method: ['x'],
  headers: ['object', 'function'],
  body: [],
  credentials: [],
  withCredentials: [true],
  key: ['string'],
  lastEventIdParam: ['x'],
}

function isTaken(value: unknown, taken: readonly unknown[]): boolean {
  return taken.includes(value) || (value !== null && taken.includes(typeof value))
}

const wrong = expect.objectContaining({
  name: 'StreamError',
  code: 'invalid-argument',
  message: expect.stringMatching(/^Cannot .+: .+\. .+\.$/),
})

test.each(Object.entries(takes))('%s is checked where it is given', (name, taken) => {
  for (const value of anything) {
    const options = { [name]: value }
    if (isTaken(value, taken)) continue
    expect(() => eventStream(url, options)).toThrow(wrong)
    expect(() => createPool(options)).toThrow(wrong)
  }
})

test('every option may be left out by undefined', () => {
  const nothing = Object.fromEntries(Object.keys(takes).map((name) => [name, undefined]))
  const transport = scriptedTransport()
  const pool = createPool({ ...nothing, transport })
  pool.stream(url, nothing).on('x', () => {})
  expect(pool.connections.value).toHaveLength(1)
  pool.close()
})

test('headers that would be sent as none are an error, and no value of theirs is shown', () => {
  const wrongs = {
    Headers: new Headers({ a: 'secret' }),
    Map: new Map([['a', 'secret']]),
    string: 'a: secret',
  }
  for (const [type, headers] of Object.entries(wrongs)) {
    const options = { headers: headers as unknown as Record<string, string> }
    expect(() => eventStream(url, options)).toThrow(`Cannot use headers of type ${type}:`)
    expect(() => eventStream(url, options)).not.toThrow('secret')
  }
})

/** A call, with what JavaScript would have it take, and what it takes. */
type Call = [name: string, call: (value: never) => unknown, taken: readonly unknown[]]

const stream = createPool({ transport: scriptedTransport() }).stream(url)
const once = (value: never, options: object) =>
  stream.on('x', () => {}, { ...options, once: value })

const calls: readonly Call[] = [
  ['the URL', (value) => eventStream(value), ['string', 'function']],
  ['the options of a stream', (value) => eventStream(url, value), ['object']],
  ['the pool of a stream', (pool) => eventStream(url, { pool }), []],
  ['the options of a pool', (value) => createPool(value), ['object']],
  ['the default pool', (value: Pool) => setDefaultPool(value), []],
  ['retryOn', (retryOn) => createPool({ retry: { retryOn } }), ['function']],
  ['what is listened for', (value) => stream.on(value, () => {}), ['x']],
  ['one of what is listened for', (value) => stream.on([value], () => {}), ['x']],
  ['a listener', (value) => stream.on('x', value), ['function']],
  ['the options of a listener', (value) => stream.on('x', () => {}, value), ['object']],
  ["a listener's signal", (signal) => stream.on('x', () => {}, { signal }), []],
  ['once', (value) => once(value, {}), [true]],
  ['what is iterated', (value) => stream.events(value), ['x']],
  ['the options of an iterator', (value) => stream.events('x', value), ['object']],
  ["an iterator's signal", (signal) => stream.events('x', { signal }), []],
  ['the type of latest', (value) => stream.latest(value), ['x']],
  ['the type of select', (value) => stream.select(value, () => 1), ['x']],
  ['the type of reduce', (value) => stream.reduce(value, () => 1, 0), ['x']],
  ['the type of a history', (value) => stream.history(value), ['x']],
  ['a selector', (value) => stream.select('x', value), ['function']],
  ['the options of a selector', (value) => stream.select('x', () => 1, value), ['object']],
  ['equals', (equals) => stream.select('x', () => 1, { equals }), ['function']],
  ['a reducer', (value) => stream.reduce('x', value, 0), ['function']],
  ['the options of a reducer', (value) => stream.reduce('x', () => 1, 0, value), ['object']],
  ['onGap of a reducer', (onGap) => stream.reduce('x', () => 1, 0, { onGap }), []],
  ['the options of a history', (value) => stream.history('x', value), ['object']],
  ['the limit of a history', (limit) => stream.history('x', { limit }), [7]],
  ['onGap of a history', (onGap) => stream.history('x', { onGap }), []],
  ['a channel', (value) => stream.channel(value), ['x']],
  ['a parameter', (value) => queryChannel(value), ['x']],
  ['the options of a scheme', (value) => queryChannel('x', value), ['object']],
  ['the options of paths', (value) => pathChannel(value), ['object']],
  ['the options of multiplex', (value) => multiplex(value), ['object']],
  ['a shared parameter', (param) => multiplex({ param }), ['x']],
  ['channelOf', (channelOf) => multiplex({ channelOf }), ['function']],
  ['cursorParam', (cursorParam) => pathChannel({ cursorParam }), [true]],
  ['a decoder', (value) => eventStream(url, { events: { x: value } }), ['function']],
  ['a schema', (value) => eventStream(url, { events: { x: { '~standard': value } as never } }), []],
  ['a source of events', (value) => readEvents(value), []],
  ['the options of a reading', (value) => readEvents(new Response(), value), ['object']],
]

test.each(calls)('%s is checked at the call', (_, call, taken) => {
  for (const value of anything as never[]) {
    if (isTaken(value, taken)) continue
    expect(() => call(value)).toThrow(wrong)
  }
})

test('what a call has to be given cannot be undefined', () => {
  const nothing = undefined as never
  const missing: (() => unknown)[] = [
    () => eventStream(nothing),
    () => setDefaultPool(nothing),
    () => stream.on(nothing, () => {}),
    () => stream.on('x', nothing),
    () => stream.events(nothing),
    () => stream.latest(nothing),
    () => stream.select('x', nothing),
    () => stream.reduce('x', nothing, 0),
    () => stream.channel(nothing),
    () => readEvents(nothing),
  ]
  for (const call of missing) expect(call).toThrow(wrong)
})

test.each(['events', 'signal', 'doneWhen', 'onError', 'maxEventSize'] as const)(
  '%s of a reading is checked at the call',
  (name: keyof ReadEventsOptions) => {
    for (const value of [null, 'x', Symbol('x'), -1]) {
      expect(() => readEvents(new Response(), { [name]: value })).toThrow(wrong)
    }
  },
)

test('nothing is left behind by a call that was wrong', () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  const other = pool.stream(url)
  expect(() => other.on('x', 7 as never)).toThrow(wrong)
  expect(() => other.on('x', () => {}, { signal: 7 as never })).toThrow(wrong)
  expect(pool.connections.value).toEqual([])
})

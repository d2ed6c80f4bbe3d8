import { afterEach, expect, test, vi } from 'vitest'
import { eventSourceTransport, type EventSourceClass } from './event-source.ts'
import { plainRequest, recordingSink } from './recording-sink.test.support.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** An `EventSource` that does what it is told. */
class FakeEventSource extends EventTarget {
  static made: FakeEventSource[] = []
  readonly url: string
  readonly withCredentials: boolean | undefined
  readyState = 0

  constructor(url: string, init: { withCredentials?: boolean } = {}) {
    super()
    this.url = url
    this.withCredentials = init.withCredentials
    FakeEventSource.made.push(this)
  }

  close(): void {
    this.readyState = 2
  }

  signal(type: 'open' | 'error', readyState: number): void {
    this.readyState = readyState
    this.dispatchEvent(new Event(type))
  }

  message(type: string, data: string, lastEventId = ''): void {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId }))
  }
}

function connect(request = plainRequest) {
  const { sink, told } = recordingSink()
  const transport = eventSourceTransport({ EventSource: FakeEventSource })
  const link = transport.connect(request, sink, ['message', 'open', 'error'])
  const source = FakeEventSource.made.at(-1)
  if (source === undefined) throw new Error('No EventSource was made.')
  return { link, source, told }
}

test('open and every message are told as signs of life', () => {
  const { source, told } = connect()
  source.signal('open', 1)
  source.message('message', 'four')
  expect(told).toEqual([
    ['active', 0, false],
    ['open'],
    ['active', 4, false],
    ['receive', ['four'], ''],
  ])
})

test('a message by the name of a signal is a message', () => {
  const { source, told } = connect()
  source.message('open', '1')
  source.message('error', '2')
  expect(told.filter(([what]) => what !== 'active')).toEqual([
    ['receive', ['1'], ''],
    ['receive', ['2'], ''],
  ])
})

test('an error while the browser tries again is an interruption, one at the end an unknown outcome', () => {
  const { source, told } = connect()
  source.signal('error', 0)
  source.signal('error', 0)
  source.signal('error', 2)
  source.signal('error', 2)
  expect(told).toEqual([['interrupted'], ['interrupted'], ['close', { kind: 'unknown' }]])
})

test('nothing is told once the link was closed', () => {
  const { link, source, told } = connect()
  link.close()
  source.signal('open', 1)
  source.message('message', '1')
  source.signal('error', 2)
  expect(told).toEqual([])
  expect(source.readyState).toBe(2)
})

test('the cursor goes into the query, under the name that is asked for', () => {
  const url = 'https://server.test/events?a=1#here'
  const request = { ...plainRequest, url, lastEventId: 'ä&b', lastEventIdParam: 'since' }
  expect(connect(request).source.url).toBe('https://server.test/events?a=1&since=%C3%A4%26b#here')
  expect(connect({ ...plainRequest, url }).source.url).toBe(url)
})

test('a cursor that is in the query already is replaced', () => {
  const url = 'https://server.test/events?lastEventId=1'
  expect(connect({ ...plainRequest, url, lastEventId: '2' }).source.url).toBe(
    'https://server.test/events?lastEventId=2',
  )
})

test('credentials go along only where they are to be included', () => {
  for (const credentials of ['include', 'same-origin', 'omit'] as const) {
    const { source } = connect({ ...plainRequest, credentials })
    expect(source.withCredentials).toBe(credentials === 'include')
  }
})

test('without an EventSource the transport is not supported, which is told once connect has returned', async () => {
  vi.stubGlobal('EventSource', undefined)
  const { sink, told, over } = recordingSink()
  eventSourceTransport().connect(plainRequest, sink, [])
  expect(told).toEqual([])
  await over
  expect(told).toEqual([['close', { kind: 'unsupported', need: 'EventSource' }]])
})

test('the global EventSource is looked for at each attempt', () => {
  const transport = eventSourceTransport()
  vi.stubGlobal('EventSource', FakeEventSource)
  const count = FakeEventSource.made.length
  transport.connect(plainRequest, recordingSink().sink, [])
  expect(FakeEventSource.made).toHaveLength(count + 1)
})

test('an EventSource that cannot be made is a network error, told once connect has returned', async () => {
  const cause = new DOMException('Blocked.', 'SecurityError')
  const Failing: EventSourceClass = class extends FakeEventSource {
    constructor() {
      super('')
      throw cause
    }
  }
  const { sink, told, over } = recordingSink()
  const transport = eventSourceTransport({ EventSource: Failing })
  transport.connect(plainRequest, sink, [])
  expect(told).toEqual([])
  await over
  expect(told).toEqual([['close', { kind: 'network', cause }]])

  const silent = recordingSink()
  transport.connect(plainRequest, silent.sink, []).close()
  await Promise.resolve()
  expect(silent.told).toEqual([])
})

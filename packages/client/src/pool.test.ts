import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StreamOptions } from './options.ts'
import { createPool } from './pool.ts'
import type { Trace } from './stream/trace.ts'
import { scriptedTransport } from './transport/scripted-transport.test.support.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.resetModules()
})

const turn = () => vi.advanceTimersByTimeAsync(0)
const URL_WITH_SECRET = 'https://ann:pass@example.test/events?token=abc&channel=a'
const WITHOUT = 'https://…@example.test/events?token=…&channel=a'

test('a pool tells of its connections: where, how, since when, and who holds them', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  const stream = pool.stream(URL_WITH_SECRET)
  expect(pool.connections.value).toEqual([])
  const stop = stream.on(['tick', 'note'], () => {})
  stream.on('tick', () => {})
  await turn()
  transport.last().sink.open()
  transport.last().sink.active(64, false)
  transport.last().send(['tick', '1', '7'])
  const [one] = pool.connections.value
  expect(one).toMatchObject({
    url: WITHOUT,
    status: 'open',
    attempt: 0,
    attempts: 1,
    holds: [],
    lastEventId: '7',
    events: 1,
    bytes: 64,
    lastActivityAt: Date.now(),
    holders: [
      { channel: '', type: 'tick', count: 2 },
      { channel: '', type: 'note', count: 1 },
    ],
  })
  stop()
  expect(one?.holders).toEqual([{ channel: '', type: 'tick', count: 1 }])
})

test('each transition of each connection is traced, without secrets', async () => {
  const transport = scriptedTransport()
  const traces: Trace[] = []
  const pool = createPool({ transport, onTrace: (trace) => traces.push(trace) })
  pool.stream(URL_WITH_SECRET).on('message', () => {})
  await turn()
  transport.last().sink.open()
  transport.last().sink.close({ kind: 'status', status: 503, retryAfter: '2' })
  pool.close()
  expect(traces.map(({ event, from, status }) => `${from} ${event} ${status}`)).toEqual([
    'idle start connecting',
    'connecting opened open',
    'open failed waiting',
    'waiting release idle',
  ])
  expect(traces[2]).toMatchObject({
    url: WITHOUT,
    at: Date.now(),
    attempt: 1,
    retryAt: Date.now() + 2_000,
    error: { code: 'status', status: 503, attempt: 1, retryAt: Date.now() + 2_000 },
  })
  expect(traces[3]).toMatchObject({ reason: 'caller' })
})

test('a trace that throws is reported, and harms nothing', async () => {
  const reported = vi.spyOn(console, 'error').mockReturnValue()
  const transport = scriptedTransport()
  const onTrace = () => {
    throw new Error('oops')
  }
  const stream = createPool({ transport, onTrace }).stream('https://example.test/')
  stream.on('message', () => {})
  await turn()
  transport.last().sink.open()
  expect(stream.status.value).toBe('open')
  expect(reported).toHaveBeenCalledTimes(2)
})

test('an error says no secret either', () => {
  const stream = createPool().stream('/events?token=abc')
  expect(() => stream.on('message', () => {})).toThrow('Cannot open /events?token=…:')
})

test('a page is warned of the sixth stream to a server, once', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue()
  vi.stubGlobal('location', new URL('https://page.test/'))
  const pool = createPool({ transport: scriptedTransport() })
  const read = (url: string) => pool.stream(url).on('message', () => {})
  for (let n = 0; n < 5; n += 1) read(`https://example.test/${n}`)
  read('https://elsewhere.test/')
  expect(warned).not.toHaveBeenCalled()
  for (let n = 5; n < 9; n += 1) read(`https://example.test/${n}`)
  expect(warned).toHaveBeenCalledOnce()
  expect(warned.mock.calls[0]?.[0]).toContain('6 streams are open to https://example.test')
})

test('a module that is loaded anew finds the pool of the old one', async () => {
  const old = await import('./default-pool.ts')
  const transport = scriptedTransport()
  const options: StreamOptions = { transport }
  const stop = old.eventStream('https://example.test/', options).on('message', () => {})
  await turn()
  vi.resetModules()
  const fresh = await import('./default-pool.ts')
  expect(fresh.eventStream).not.toBe(old.eventStream)
  fresh.eventStream('https://example.test/', options).on('message', () => {})
  stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(transport.attempts).toHaveLength(1)
  expect(transport.last().closed).toBe(false)
})

test('a URL that is a function is asked at each attempt, and shared only by a key', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  let asked = 0
  const url = async () => `https://example.test/events?ticket=${(asked += 1)}`
  pool.stream(url, { key: 'ann' }).on('message', () => {})
  pool.stream(url, { key: 'ann' }).on('message', () => {})
  await turn()
  expect(transport.attempts.map(({ request }) => request.url)).toEqual([
    'https://example.test/events?ticket=1',
  ])
  transport.last().sink.close({ kind: 'network', cause: undefined })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(transport.last().request.url).toBe('https://example.test/events?ticket=2')
  pool.stream(url).on('message', () => {})
  pool.stream(url).on('message', () => {})
  await turn()
  expect(transport.attempts).toHaveLength(4)
})

test('a function for the URL gets its channels put in', async () => {
  const transport = scriptedTransport()
  const stream = createPool({ transport }).stream(() => 'https://example.test/events?t=1')
  stream.channel('a/b').on('message', () => {})
  await turn()
  expect(transport.last().request.url).toBe('https://example.test/events?t=1&channel=a%2Fb')
})

test('a token function that fails is tried again with a fresh one, from the cursor', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const transport = scriptedTransport()
  let fails = true
  const headers = async () => {
    if (fails) throw new Error('the login server is down')
    return { authorization: 'Bearer 2' }
  }
  const stream = createPool({ transport }).stream('https://example.test/', {
    headers,
    initialLastEventId: '41',
  })
  stream.on('message', () => {})
  await turn()
  expect(stream.error.value).toMatchObject({ code: 'request', cause: { message: /login/ } })
  fails = false
  await vi.advanceTimersByTimeAsync(1_000)
  expect(transport.last().request).toMatchObject({
    headers: { authorization: 'Bearer 2' },
    lastEventId: '41',
  })
})

test('a stream that nobody wants any more aborts the token function that is under way', async () => {
  const signals: AbortSignal[] = []
  const pool = createPool({ transport: scriptedTransport(), linger: 0 })
  const stream = pool.stream('https://example.test/', {
    headers: ({ signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    },
  })
  const stop = stream.on('message', () => {})
  await turn()
  expect(signals[0]?.aborted).toBe(false)
  stop()
  await vi.advanceTimersByTimeAsync(0)
  expect(signals[0]?.aborted).toBe(true)
})

test('an event larger than maxEventSize is left out, told, and moves the cursor all the same', async () => {
  const told: string[] = []
  const bytes = new TextEncoder().encode(
    `id: 1\ndata: a\n\nid: 2\ndata: ${'x'.repeat(99)}\n\ndata: b\n\n`,
  )
  const requests: Request[] = []
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    requests.push(new Request(url, init))
    const body = new ReadableStream({ start: (controller) => controller.enqueue(bytes) })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  const pool = createPool({
    fetch,
    maxEventSize: 50,
    onError: ({ code }) => told.push(code),
    onGap: ({ reason }) => told.push(`gap ${reason}`),
  })
  const stream = pool.stream('https://example.test/')
  stream.on('message', ({ data }) => told.push(data))
  await vi.waitFor(() => expect(told).toHaveLength(4))
  expect(told).toEqual(['a', 'too-large', 'gap too-large', 'b'])
  expect(stream.gaps.value).toBe(1)
  stream.reconnect()
  await turn()
  expect(requests[1]?.headers.get('last-event-id')).toBe('2')
  pool.close()
})

test('a subscriber that throws leaks nothing, and stops nobody', async () => {
  const reported = vi.spyOn(console, 'error').mockReturnValue()
  const transport = scriptedTransport()
  const onGap = vi.fn<() => void>()
  const pool = createPool({ transport, onGap })
  const stream = pool.stream('https://example.test/')
  const stop = stream.on('message', () => {})
  await turn()
  transport.last().sink.open()
  let armed = false
  const bad = () => {
    if (armed) throw new Error('oops')
  }
  pool.connections.subscribe(bad)
  stream.connection.subscribe(bad)
  stream.gaps.subscribe(bad)
  armed = true
  transport.last().send(['millrace-reset', '-'])
  expect(onGap).toHaveBeenCalledOnce()
  stop()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(transport.last().closed).toBe(true)
  expect(reported).toHaveBeenCalled()
})

test('a gap is told to the app once, however many handles read the stream', async () => {
  const transport = scriptedTransport()
  const onGap = vi.fn<() => void>()
  const pool = createPool({ transport, onGap })
  for (let n = 0; n < 3; n += 1) pool.stream('https://example.test/').on('message', () => {})
  await turn()
  transport.last().sink.open()
  transport.last().send(['millrace-reset', '-'])
  expect(onGap).toHaveBeenCalledOnce()
})

test('whoever first wants a stream to start somewhere has it start there', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  pool.stream('https://example.test/').on('message', () => {})
  pool.stream('https://example.test/', { initialLastEventId: '41' }).on('message', () => {})
  await turn()
  expect(transport.attempts.map(({ request }) => request.lastEventId)).toEqual(['41'])
})

test('a relative URL stays the one it was, wherever the page has gone since', async () => {
  const page = new URL('https://app.test/a/page')
  vi.stubGlobal('location', page)
  const transport = scriptedTransport()
  const stream = createPool({ transport }).stream('events')
  stream.on('message', () => {})
  await turn()
  page.pathname = '/b/deep/page'
  stream.reconnect()
  expect(transport.attempts.map(({ request }) => request.url)).toEqual([
    'https://app.test/a/events',
    'https://app.test/a/events',
  ])
})

test('no value of a header is shown, and no URL in a cause', () => {
  const { stream } = createPool({ transport: scriptedTransport() })
  const wrong = [
    () => stream('https://example.test/', { headers: { authorization: 'Bearer s3\ncret' } }),
    () => stream('https://u:pw@exa mple/?token=s3cret'),
  ]
  for (const make of wrong) {
    let thrown: unknown
    try {
      make().on('message', () => {})
    } catch (error) {
      thrown = error
    }
    const { message, cause } = thrown as Error
    expect(`${message} ${String(cause)}`).not.toMatch(/s3|pw/)
  }
})

test('what was closed in the middle of a chunk hears no more of it', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  const heard: string[] = []
  pool.stream('https://example.test/').on('message', ({ data }) => {
    heard.push(data)
    pool.close()
  })
  await turn()
  transport.last().send(['message', 'a'], ['message', 'b'])
  expect(heard).toEqual(['a'])
})

test('a pool that is closed before its microtask sends nothing', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  const post = pool.stream('https://example.test/', { method: 'POST', body: 'x' })
  const first = post.events('message').next()
  pool.close()
  await turn()
  expect(transport.attempts).toHaveLength(0)
  expect(await first).toEqual({ done: true, value: undefined })
})

test('a connection has an id of its own, which stays the same and is that of its traces', async () => {
  const transport = scriptedTransport()
  const traces: Trace[] = []
  const pool = createPool({ transport, linger: 0, onTrace: (trace) => traces.push(trace) })
  const ids = () => pool.connections.value.map(({ id }) => id)
  // Sent once each: equal URLs, two connections.
  const read = () => pool.stream('https://example.test/', { method: 'POST' }).on('a', () => {})
  const stop = read()
  read()
  await turn()
  const [first, second] = ids()
  expect(new Set([first, second]).size).toBe(2)
  transport.attempts[1]?.sink.open()
  expect(traces.at(-1)).toMatchObject({ id: second, event: 'opened' })
  stop()
  await vi.advanceTimersByTimeAsync(0)
  expect(ids()).toEqual([second])
  read()
  expect(ids()).toEqual([second, expect.any(Number)])
  expect(ids()).not.toContain(first)
  pool.close()
})

test('a pool that is closed stops who listens: nothing of it stays on a signal', async () => {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  const { signal } = new AbortController()
  const remove = vi.spyOn(signal, 'removeEventListener')
  const stream = pool.stream('https://example.test/')
  const stop = stream.channel('a').on('x', () => {}, { signal })
  await turn()
  pool.close()
  expect(remove).toHaveBeenCalledOnce()
  stop()
  expect(vi.getTimerCount()).toBe(0)
})

test('a pool that is closed ends loops that wait for a schema', async () => {
  for (const method of ['GET', 'POST']) {
    const transport = scriptedTransport()
    const pool = createPool({ transport })
    const never = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: () => new Promise<{ value: number }>(() => {}),
      },
    }
    const next = pool
      .stream('https://example.test/', { method, events: { x: never } })
      .events('x')
      .next()
    // oxlint-disable-next-line no-await-in-loop
    await turn()
    transport.last().send(['x', '1'])
    pool.close()
    // oxlint-disable-next-line no-await-in-loop
    expect(await next).toEqual({ done: true, value: undefined })
  }
})

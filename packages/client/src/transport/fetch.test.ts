import { afterEach, expect, test, vi } from 'vitest'
import { fetchTransport, type FetchTransportOptions } from './fetch.ts'
import { plainRequest, recordingSink } from './recording-sink.test.support.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const headers = { 'content-type': 'text/event-stream' }
const encode = (text: string) => new TextEncoder().encode(text)

/** A stream of these chunks, each a chunk for its reader as well. */
function streamOf(...chunks: string[]): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(encode(chunk))
      controller.close()
    },
  })
  return new Response(body, { headers })
}

function connect(options: FetchTransportOptions = {}) {
  const { sink, told, over } = recordingSink()
  return { link: fetchTransport(options).connect(plainRequest, sink, []), told, over }
}

async function hear(response: Response, options: FetchTransportOptions = {}) {
  const { told, over } = connect({ ...options, fetch: () => Promise.resolve(response) })
  await over
  return told
}

test('the bytes of a chunk are told before its events, and its events together', async () => {
  expect(await hear(streamOf('data: 1\n\ndata: 2\n\nid: 3', '\ndata: 3\n\n'))).toEqual([
    ['open'],
    ['active', 23, false],
    ['receive', ['1', '2'], ''],
    ['active', 10, false],
    ['receive', ['3'], '3'],
    ['close', { kind: 'end' }],
  ])
})

test('a chunk that brings nothing is told as bytes', async () => {
  expect(await hear(streamOf(': alive\n', 'data: half'))).toEqual([
    ['open'],
    ['active', 8, true],
    ['active', 10, false],
    ['close', { kind: 'end' }],
  ])
})

test('an id alone moves the cursor', async () => {
  expect(await hear(streamOf('id: 3\n\n'))).toContainEqual(['receive', [], '3'])
})

test('an event that is too large is told in its place among the others', async () => {
  const large = `data: ${'x'.repeat(100)}\nid: 2\n\n`
  const response = streamOf(`id: 1\ndata: before\n\n${large}data: after\n\n`)
  expect(await hear(response, { maxEventSize: 50 })).toEqual([
    ['open'],
    ['active', 147, false],
    ['receive', ['before'], '1'],
    ['skipped', 106],
    ['receive', ['after'], '2'],
    ['close', { kind: 'end' }],
  ])
})

test('an event that is too large is told of at once, and nothing else of it but its id', async () => {
  const large = 'x'.repeat(40)
  const response = streamOf('data: before\n\n', `data: ${large}`, large, large, '\nid: 2\n', '\n')
  const told = await hear(response, { maxEventSize: 50 })
  expect(told.filter(([what]) => what !== 'active')).toEqual([
    ['open'],
    ['receive', ['before'], ''],
    ['skipped', 86],
    ['receive', [], '2'],
    ['close', { kind: 'end' }],
  ])
})

test('by default an event may be as large as 1 MiB', async () => {
  const most = 'x'.repeat(1_048_576 - 'data: '.length)
  const told = await hear(streamOf(`data: ${most}\n\n`, `data: ${most}x\n\n`))
  expect(told.filter(([what]) => what === 'receive' || what === 'skipped')).toEqual([
    ['receive', [most], ''],
    ['skipped', 1_048_577],
  ])
})

test('a larger event is taken where it is allowed', async () => {
  const large = 'x'.repeat(2_000_000)
  for (const maxEventSize of [3_000_000, Infinity]) {
    // oxlint-disable-next-line no-await-in-loop
    const told = await hear(streamOf(`data: ${large}\n\n`), { maxEventSize })
    expect(told).toContainEqual(['receive', [large], ''])
  }
})

test('a largest event that is no size is refused', () => {
  for (const maxEventSize of [0, -1, NaN, -Infinity, '1000' as unknown as number]) {
    expect(() => fetchTransport({ maxEventSize })).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringContaining('it is not a number above 0'),
      }),
    )
  }
})

test('without a fetch the transport is not supported, which is told once connect has returned', async () => {
  vi.stubGlobal('fetch', undefined)
  const { told, over } = connect()
  expect(told).toEqual([])
  await over
  expect(told).toEqual([['close', { kind: 'unsupported', need: 'fetch' }]])
})

test('without a fetch, too, nothing is told after the link was closed', async () => {
  vi.stubGlobal('fetch', undefined)
  const { link, told } = connect()
  link.close()
  link.listen(['tick'])
  await Promise.resolve()
  expect(told).toEqual([])
})

test('the global fetch is looked for at each attempt', async () => {
  const transport = fetchTransport()
  vi.stubGlobal('fetch', () => Promise.resolve(streamOf('data: 1\n\n')))
  const { sink, told, over } = recordingSink()
  transport.connect(plainRequest, sink, [])
  await over
  expect(told).toContainEqual(['receive', ['1'], ''])
})

test('a fetch that throws, or rejects, is a network error, told once connect has returned', async () => {
  const cause = new Error('no')
  const failing = [
    () => {
      throw cause
    },
    () => Promise.reject(cause),
  ]
  for (const fetch of failing) {
    const { told, over } = connect({ fetch })
    expect(told).toEqual([])
    // oxlint-disable-next-line no-await-in-loop
    await over
    expect(told).toEqual([['close', { kind: 'network', cause }]])
  }
})

test('a response without a body is a stream that ended', async () => {
  expect(await hear(new Response(null, { headers }))).toEqual([
    ['open'],
    ['close', { kind: 'end' }],
  ])
})

test('a fetch that cannot stream is not supported', async () => {
  const response = streamOf('data: 1\n\n')
  Object.defineProperty(response, 'body', { value: undefined })
  expect(await hear(response)).toEqual([['close', { kind: 'unsupported', need: 'ReadableStream' }]])
})

test('a body of something else than bytes is a network error', async () => {
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue('data: text\n\n')
    },
  })
  const response = streamOf()
  Object.defineProperty(response, 'body', { value: body })
  expect(await hear(response)).toMatchObject([['open'], ['close', { kind: 'network' }]])
})

/** Waits for a fact, turn by turn. */
async function until(fact: () => boolean): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  while (!fact()) await new Promise((resolve) => setImmediate(resolve))
}

/** A stream under way, and its means. */
function stream() {
  const cancel = vi.fn<() => void>()
  let send: (text: string) => void = () => {}
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      send = (text) => {
        controller.enqueue(encode(text))
      }
    },
    cancel,
  })
  return { body, cancel, send }
}

test('a fetch that knows no signals is made to end at the next chunk, which is not told', async () => {
  const { body, cancel, send } = stream()
  const { link, told } = connect({ fetch: () => Promise.resolve(new Response(body, { headers })) })
  send('data: 1\n\n')
  await until(() => told.length === 3)
  link.close()
  send('data: 2\n\n')
  await until(() => cancel.mock.calls.length > 0)
  expect(told).toEqual([['open'], ['active', 9, false], ['receive', ['1'], '']])
})

test('a response that comes after its link was closed is let go', async () => {
  const { body, cancel } = stream()
  const { promise, resolve } = Promise.withResolvers<Response>()
  const { link, told } = connect({ fetch: () => promise })
  link.close()
  resolve(new Response(body, { headers }))
  await until(() => cancel.mock.calls.length > 0)
  expect(told).toEqual([])
})

/** What becomes of a request that is refused with this response. */
async function refused(response: Response): Promise<'cut off' | 'left alone'> {
  let signal: AbortSignal | null | undefined
  const { told, over } = connect({
    fetch: (_url, init) => {
      signal = init?.signal
      return Promise.resolve(response)
    },
  })
  await over
  await until(() => response.body?.locked ?? true)
  expect(told).toEqual([['close', { kind: 'status', status: 503, retryAfter: undefined }]])
  return signal?.aborted === true ? 'cut off' : 'left alone'
}

test('a refusal is read where it says that it is short, and else cut off', async () => {
  const refusal = (length?: string) =>
    new Response('no', {
      status: 503,
      headers: length === undefined ? {} : { 'content-length': length },
    })
  expect(await refused(refusal('2'))).toBe('left alone')
  expect(await refused(refusal('100000'))).toBe('cut off')
  expect(await refused(refusal())).toBe('cut off')
  expect(await refused(new Response(stream().body, { status: 503 }))).toBe('cut off')
})

test('a refusal that goes on is let go, even by a fetch that knows no signals', async () => {
  const { body, cancel, send } = stream()
  await refused(new Response(body, { status: 503 }))
  send('no')
  await until(() => cancel.mock.calls.length > 0)
  expect(cancel).toHaveBeenCalledOnce()
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StreamError } from '../errors.ts'
import type { StreamOptions } from '../options.ts'
import { createPool } from '../pool.ts'
import { scriptedTransport } from '../transport/scripted-transport.test.support.ts'
import { json } from './decode.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const turn = () => vi.advanceTimersByTimeAsync(0)
const broke = { kind: 'network', cause: undefined } as const

function chat(options: StreamOptions = {}) {
  const transport = scriptedTransport()
  const pool = createPool({ transport })
  const stream = pool.stream('https://example.test/chat', {
    method: 'POST',
    body: 'hello',
    ...options,
  })
  const tokens: string[] = []
  const stop = stream.on('message', (event) => tokens.push(event.data))
  const standing = () => [stream.status.value, stream.connection.value.reason]
  return { transport, pool, stream, tokens, stop, standing }
}

async function begun(options: StreamOptions = {}) {
  const given = chat(options)
  await turn()
  given.transport.last().sink.open()
  return given
}

test('a clean end is the end: the loop is left, and the status says why', async () => {
  const { transport, stream, standing } = await begun()
  const heard: string[] = []
  const loop = (async () => {
    for await (const { data } of stream.events('message')) heard.push(data)
  })()
  await turn()
  transport.last().send(['message', 'Hel'], ['message', 'lo'])
  transport.last().sink.close({ kind: 'end' })
  await loop
  expect(heard).toEqual(['Hel', 'lo'])
  expect(standing()).toEqual(['closed', 'ended'])
})

test('the event that says so is the last, is heard, and need be no payload', async () => {
  const onError = vi.fn<(error: StreamError) => void>()
  const transport = scriptedTransport()
  const stream = createPool({ transport }).stream('https://example.test/chat', {
    events: { message: json<{ token: string }>() },
    onEnd: 'complete',
    doneWhen: (event) => event.data === '[DONE]',
    onError,
  })
  const heard: string[] = []
  stream.on('message', (event) => heard.push(event.data.token))
  await turn()
  transport.last().sink.open()
  transport
    .last()
    .send(['message', '{"token":"a"}'], ['message', '[DONE]'], ['message', '{"token":"b"}'])
  expect(heard).toEqual(['a'])
  expect(onError).not.toHaveBeenCalled()
  expect(transport.last().closed).toBe(true)
  expect(stream.connection.value.reason).toBe('ended')
})

test('doneWhen ends a stream that would reconnect, for good', async () => {
  const { transport, stream, standing } = await begun({
    method: 'GET',
    body: undefined,
    doneWhen: (event) => event.type === 'bye',
  })
  const byes: string[] = []
  stream.on('bye', (event) => byes.push(event.data))
  transport.last().send(['bye', 'see you'])
  expect(byes).toEqual(['see you'])
  expect(standing()).toEqual(['closed', 'ended'])
  stream.on('message', () => {})
  await vi.advanceTimersByTimeAsync(60_000)
  expect(transport.attempts).toHaveLength(1)
})

test('a doneWhen that throws is reported, and ends nothing', async () => {
  const reported = vi.spyOn(console, 'error').mockReturnValue()
  const { transport, tokens } = await begun({
    doneWhen: () => {
      throw new Error('oops')
    },
  })
  transport.last().send(['message', 'a'])
  expect(tokens).toEqual(['a'])
  expect(reported).toHaveBeenCalledOnce()
  reported.mockRestore()
})

test('an interruption is told, thrown in the loop after what was heard, and sends nothing again', async () => {
  const { transport, stream, standing } = await begun()
  const heard: string[] = []
  const loop = (async () => {
    for await (const { data } of stream.events('message')) heard.push(data)
  })()
  await turn()
  transport.last().send(['message', 'Hel'])
  transport.last().sink.close(broke)
  await expect(loop).rejects.toMatchObject({ code: 'interrupted', cause: { code: 'network' } })
  expect(heard).toEqual(['Hel'])
  expect(standing()).toEqual(['closed', 'interrupted'])
  await vi.advanceTimersByTimeAsync(600_000)
  expect(transport.attempts).toHaveLength(1)
})

test('who comes late reads it from the start, also when it has ended', async () => {
  const { transport, stream } = await begun()
  transport.last().send(['message', 'a'], ['other', 'x'])
  transport.last().send(['message', 'b'])
  const late: string[] = []
  stream.on('message', (event) => late.push(event.data))
  await turn()
  transport.last().send(['message', 'c'])
  transport.last().sink.close({ kind: 'end' })
  expect(late).toEqual(['a', 'b', 'c'])
  const after: string[] = []
  for await (const { type, data } of stream.events('*')) after.push(`${type} ${data}`)
  expect(after).toEqual(['message a', 'other x', 'message b', 'message c'])
})

test('of more than the buffer holds, who comes late hears the newest, and that something is missing', async () => {
  const onGap = vi.fn<() => void>()
  const { transport, stream, tokens } = await begun({ buffer: 1_000, onGap })
  for (let n = 0; n < 100; n += 1) transport.last().send(['message', String(n).padStart(93, '0')])
  expect(tokens).toHaveLength(100)
  const late: string[] = []
  stream.on('message', (event) => late.push(event.data))
  await turn()
  expect(late.length).toBeGreaterThan(0)
  expect(late).toEqual(tokens.slice(-late.length))
  expect(late.length).toBeLessThanOrEqual(10)
  expect(onGap).toHaveBeenCalledExactlyOnceWith({ reason: 'too-large' })
  expect(stream.gaps.value).toBe(1)
})

test('the last reader leaving aborts it after a while; who comes back hears what there was, and sends nothing', async () => {
  const { transport, stream, stop, standing } = await begun()
  transport.last().send(['message', 'a'])
  stop()
  await vi.advanceTimersByTimeAsync(999)
  expect(transport.last().closed).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(transport.last().closed).toBe(true)
  const late: string[] = []
  stream.on('message', (event) => late.push(event.data))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(late).toEqual(['a'])
  expect(standing()).toEqual(['closed', 'caller'])
  expect(transport.attempts).toHaveLength(1)
})

test('only reconnect sends it again, and then it is read from its new start', async () => {
  const { transport, stream, tokens, standing } = await begun()
  transport.last().send(['message', 'a'])
  transport.last().sink.close(broke)
  stream.reconnect()
  expect(transport.attempts).toHaveLength(2)
  expect(transport.last().request).toMatchObject({ method: 'POST', body: 'hello' })
  transport.last().sink.open()
  transport.last().send(['message', 'b'])
  expect(standing()).toEqual(['open', undefined])
  expect(tokens).toEqual(['a', 'b'])
  const late: string[] = []
  stream.on('message', (event) => late.push(event.data))
  await turn()
  expect(late).toEqual(['b'])
})

test('retryOn may have it sent again', async () => {
  const { transport } = await begun({ retry: { retryOn: () => true, jitter: 0 } })
  transport.last().sink.close(broke)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(transport.attempts).toHaveLength(2)
})

test('two handles never share what is sent once, two readers of one handle do', async () => {
  const { transport, pool, stream } = await begun()
  stream.on('message', () => {})
  pool
    .stream('https://example.test/chat', { method: 'POST', body: 'hello' })
    .on('message', () => {})
  await turn()
  expect(transport.attempts).toHaveLength(2)
})

test('a refused token is not asked for anew where that would send it again', async () => {
  const { transport, standing } = chat({ headers: async () => ({}) })
  await turn()
  transport.last().sink.close({ kind: 'status', status: 401, retryAfter: undefined })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(transport.attempts).toHaveLength(1)
  expect(standing()).toEqual(['closed', 'refused'])
})

test('closing the pool ends the loop, and who reads afterwards sends nothing', async () => {
  const { transport, pool, stream } = await begun()
  const loop = (async () => {
    for await (const _ of stream.events('message')) void _
  })()
  await turn()
  pool.close()
  await loop
  stream.on('message', () => {})
  await vi.advanceTimersByTimeAsync(60_000)
  expect(transport.attempts).toHaveLength(1)
})

test('closing the handle ends its loops', async () => {
  const { stream } = await begun({ method: 'GET', body: undefined })
  const loop = (async () => {
    for await (const _ of stream.events('message')) void _
  })()
  await turn()
  stream.close()
  await expect(loop).resolves.toBeUndefined()
})

test('a loop over a stream that the server has ended is over at once', async () => {
  const { transport, stream } = chat({ method: 'GET', body: undefined })
  await turn()
  transport.last().sink.close({ kind: 'no-content' })
  const late = stream.events('message')
  expect(await late.next()).toEqual({ done: true, value: undefined })
})

test('a loop over a stream that was let go of before its end throws that there is more', async () => {
  const { transport, stream, stop } = await begun()
  transport.last().send(['message', 'half'])
  stop()
  vi.advanceTimersByTime(1_000)
  const late = stream.events('message')
  expect(await late.next()).toMatchObject({ value: { data: 'half' } })
  await expect(late.next()).rejects.toMatchObject({ code: 'interrupted' })
  expect(transport.attempts).toHaveLength(1)
})

test('a loop over a stream that is refused throws why', async () => {
  const { transport, stream } = chat({ method: 'GET', body: undefined })
  await turn()
  const first = stream.events('message').next()
  transport.last().sink.close({ kind: 'status', status: 404, retryAfter: undefined })
  await expect(first).rejects.toMatchObject({ code: 'status', status: 404 })
})

test('options that cannot go together are an error', () => {
  const { pool } = chat()
  const post = { method: 'POST', body: 'x' } as const
  const wrong: StreamOptions[] = [
    { ...post, onEnd: 'reconnect' },
    { linger: -1 },
    { heartbeatTimeout: NaN },
    { retry: { jitter: 7 } },
    { ...post, transport: 'event-source' },
  ]
  for (const options of wrong) {
    expect(() => pool.stream('https://example.test/', options)).toThrow('Cannot')
  }
})

test('what is sent again after its pool was closed is heard in full', async () => {
  const { transport, pool, stream } = await begun()
  transport.last().send(['message', 'old'])
  pool.close()
  const heard: string[] = []
  stream.on('message', (event) => heard.push(event.data))
  await turn()
  stream.reconnect()
  await turn()
  transport.last().sink.open()
  transport.last().send(['message', '1'], ['message', '2'])
  expect(heard.slice(-2)).toEqual(['1', '2'])
})

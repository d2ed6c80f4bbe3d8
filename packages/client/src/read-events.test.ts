import { expect, test, vi } from 'vitest'
import type { StreamError } from './errors.ts'
import { readEvents } from './read-events.ts'
import { json } from './stream/decode.ts'
import type { StandardSchema } from './stream/standard-schema.ts'

/** A body that says these things, and then ends, breaks, or goes on in silence. */
function body(
  chunks: readonly string[],
  end: 'end' | 'break' | 'silence' = 'end',
  onCancel: (reason: unknown) => void = () => {},
): ReadableStream<Uint8Array> {
  const left = chunks.map((chunk) => new TextEncoder().encode(chunk))
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const chunk = left.shift()
        if (chunk !== undefined) controller.enqueue(chunk)
        else if (end === 'end') controller.close()
        else if (end === 'break') controller.error(new TypeError('terminated'))
        else return new Promise(() => {})
        return undefined
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  )
}

async function all<Event>(events: AsyncIterable<Event>): Promise<Event[]> {
  const heard: Event[] = []
  for await (const event of events) heard.push(event)
  return heard
}

test('a response is read event by event, however it is cut', async () => {
  const response = new Response(body(['id: 1\nda', 'ta: a\n\ndata: b\n', '\n', 'data: unfinished']))
  expect(await all(readEvents(response))).toEqual([
    { type: 'message', data: 'a', lastEventId: '1', channel: undefined },
    { type: 'message', data: 'b', lastEventId: '1', channel: undefined },
  ])
})

test('payloads are decoded, and the types told apart', async () => {
  const events = readEvents(body(['event: token\ndata: {"t":"x"}\n\nevent: note\ndata: {\n\n']), {
    events: { token: json<{ t: string }>(), note: (raw) => raw.length },
  })
  const heard: (string | number)[] = []
  for await (const event of events) {
    heard.push(event.type === 'token' ? event.data.t : String(event.data))
  }
  expect(heard).toEqual(['x', '1'])
})

test('the last event ends it, need be no payload, and the body is let go', async () => {
  const cancelled = vi.fn<(reason: unknown) => void>()
  const events = readEvents(
    body(['data: 1\n\ndata: [DONE]\n\ndata: 2\n\n'], 'silence', cancelled),
    {
      events: { message: json<number>() },
      doneWhen: ({ data }) => data === '[DONE]',
    },
  )
  expect((await all(events)).map(({ data }) => data)).toEqual([1])
  expect(cancelled).toHaveBeenCalledOnce()
})

test('what does not decode is thrown, or told where somebody hears it', async () => {
  const chunks = ['data: 1\n\ndata: {\n\ndata: 2\n\n']
  const events = { message: json<number>() }
  await expect(all(readEvents(body(chunks), { events }))).rejects.toMatchObject({
    code: 'decode',
    data: '{',
  })
  const errors: StreamError[] = []
  const heard = await all(
    readEvents(body(chunks), { events, onError: (error) => errors.push(error) }),
  )
  expect(heard.map(({ data }) => data)).toEqual([1, 2])
  expect(errors.map(({ code }) => code)).toEqual(['decode'])
})

test('what is too large is left out, in its place', async () => {
  const told: string[] = []
  const options = {
    maxEventSize: 20,
    onError: ({ code }: StreamError) => told.push(code),
  }
  const text = `data: a\n\ndata: ${'x'.repeat(50)}\n\ndata: b\n\n`
  for await (const { data } of readEvents(body([text]), options)) told.push(data)
  expect(told).toEqual(['a', 'too-large', 'b'])
  await expect(all(readEvents(body([text]), { maxEventSize: 20 }))).rejects.toMatchObject({
    code: 'too-large',
  })
})

test('an asynchronous schema keeps the order', async () => {
  const slow = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: async (value: unknown) => {
        if (value === 1) await new Promise((resolve) => setImmediate(resolve))
        return { value: value as number }
      },
    },
  }
  const heard = await all(
    readEvents(body(['data: 1\n\ndata: 2\n\n']), { events: { message: slow } }),
  )
  expect(heard.map(({ data }) => data)).toEqual([1, 2])
})

test('a response that is a refusal, or breaks off, throws why', async () => {
  await expect(all(readEvents(new Response('no', { status: 403 })))).rejects.toMatchObject({
    code: 'status',
    status: 403,
  })
  const heard: string[] = []
  const broken = async () => {
    for await (const { data } of readEvents(body(['data: a\n\n'], 'break'))) heard.push(data)
  }
  await expect(broken()).rejects.toMatchObject({
    code: 'network',
    cause: { message: 'terminated' },
  })
  expect(heard).toEqual(['a'])
  expect(await all(readEvents(new Response(null, { status: 204 })))).toEqual([])
})

test('leaving the loop lets the body go', async () => {
  const cancelled = vi.fn<(reason: unknown) => void>()
  for await (const _ of readEvents(body(['data: a\n\ndata: b\n\n'], 'silence', cancelled))) break
  expect(cancelled).toHaveBeenCalledOnce()
})

test('an abort throws its reason at once, in the middle of silence and before the beginning', async () => {
  const cancelled = vi.fn<(reason: unknown) => void>()
  const abort = new AbortController()
  const events = readEvents(body(['data: a\n\n'], 'silence', cancelled), { signal: abort.signal })
  await events.next()
  const next = events.next()
  abort.abort(new Error('enough'))
  await expect(next).rejects.toThrow('enough')
  expect(cancelled).toHaveBeenCalledExactlyOnceWith(abort.signal.reason)
  const late = readEvents(body(['data: a\n\n']), { signal: AbortSignal.abort(new Error('before')) })
  await expect(late.next()).rejects.toThrow('before')
})

const never = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: () => new Promise<{ value: number }>(() => {}),
  },
}

/** A reading that has come to a payload whose schema never settles. */
async function stuck(signal?: AbortSignal) {
  const cancelled = vi.fn<(reason: unknown) => void>()
  const events = readEvents(body(['data: a\n\nevent: slow\ndata: 1\n\n'], 'silence', cancelled), {
    events: { slow: never },
    signal,
  })
  await events.next()
  return { events, next: events.next(), cancelled }
}

test('an abort does not wait for a schema', async () => {
  const abort = new AbortController()
  const { next, cancelled } = await stuck(abort.signal)
  abort.abort(new Error('enough'))
  await expect(next).rejects.toThrow('enough')
  expect(cancelled).toHaveBeenCalledExactlyOnceWith(abort.signal.reason)
})

test('a return waits neither for a schema nor for bytes, and what was waited for is done', async () => {
  const { events, next, cancelled } = await stuck()
  expect(await events.return(undefined)).toEqual({ done: true, value: undefined })
  expect(await next).toEqual({ done: true, value: undefined })
  expect(cancelled).toHaveBeenCalledOnce()

  const silent = readEvents(body([], 'silence', cancelled))
  const waiting = [silent.next(), silent.next()]
  await silent.return(undefined)
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ done: true, value: undefined })))
  expect(cancelled).toHaveBeenCalledTimes(2)
})

test('a return or a throw before the first event lets the body go', async () => {
  const cancelled = vi.fn<(reason: unknown) => void>()
  const left = readEvents(body(['data: a\n\n'], 'silence', cancelled))
  await left.return(undefined)
  expect(cancelled).toHaveBeenCalledOnce()
  expect(await left.next()).toEqual({ done: true, value: undefined })

  const thrown = readEvents(new Response(body(['data: a\n\n'], 'silence', cancelled)))
  await expect(thrown.throw(new Error('mine'))).rejects.toThrow('mine')
  expect(cancelled).toHaveBeenCalledTimes(2)
  expect(await thrown.next()).toEqual({ done: true, value: undefined })
})

test('an abort before the first event lets the body go', async () => {
  const cancelled = vi.fn<(reason: unknown) => void>()
  const signal = AbortSignal.abort(new Error('before'))
  const events = readEvents(body(['data: a\n\n'], 'silence', cancelled), { signal })
  await expect(events.next()).rejects.toThrow('before')
  expect(cancelled).toHaveBeenCalledOnce()
})

test('a body that the same abort breaks off is an abort', async () => {
  const abort = new AbortController()
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      abort.signal.addEventListener('abort', () => controller.error(new TypeError('aborted')))
    },
  })
  const next = readEvents(source, { signal: abort.signal }).next()
  abort.abort(new Error('enough'))
  await expect(next).rejects.toThrow('enough')
})

test('a reading that is over leaves nothing on its signal', async () => {
  const { signal } = new AbortController()
  const add = vi.spyOn(signal, 'addEventListener')
  const remove = vi.spyOn(signal, 'removeEventListener')
  await all(readEvents(body(['data: a\n\n']), { signal }))
  expect(add).toHaveBeenCalledTimes(1)
  expect(remove).toHaveBeenCalledTimes(1)
})

test('an event between two readings of a chunk is not heard after an abort', async () => {
  const abort = new AbortController()
  const events = readEvents(body(['data: a\n\ndata: b\n\n'], 'silence'), { signal: abort.signal })
  await events.next()
  abort.abort(new Error('enough'))
  await expect(events.next()).rejects.toThrow('enough')
  expect(await events.next()).toEqual({ done: true, value: undefined })
})

test('after an abort between two events, nothing more is decoded, nor waited for', async () => {
  const abort = new AbortController()
  const validate = vi.fn<StandardSchema<unknown, unknown>['~standard']['validate']>((value) =>
    value === 1 ? { value } : new Promise<never>(() => {}),
  )
  const schema = { '~standard': { version: 1, vendor: 'test', validate } } as const
  const events = readEvents(body(['data: 1\n\ndata: 2\n\n'], 'silence'), {
    events: { message: schema },
    signal: abort.signal,
  })
  await events.next()
  abort.abort(new Error('enough'))
  await expect(events.next()).rejects.toThrow('enough')
  expect(validate).toHaveBeenCalledOnce()
})

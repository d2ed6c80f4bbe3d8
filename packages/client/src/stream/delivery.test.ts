import { effect } from '@preact/signals-core'
import { afterEach, expect, test, vi } from 'vitest'
import { json, text } from './decode.ts'
import { open, settled } from './scripted-stream.test.support.ts'
import type { StandardSchema } from './standard-schema.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A schema that takes as long as the test says, and the payloads it is at. */
function slowSchema() {
  const waiting: {
    readonly value: unknown
    readonly pass: () => void
    readonly refuse: (message: string) => void
    readonly fail: (cause: unknown) => void
  }[] = []
  const schema: StandardSchema<unknown, unknown> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        new Promise((resolve, reject) => {
          waiting.push({
            value,
            pass: () => resolve({ value }),
            refuse: (message) => resolve({ issues: [{ message }] }),
            fail: reject,
          })
        }),
    },
  }
  return { schema, waiting }
}

test('a schema that takes its time delays the readers of its type and of all, and nobody else', async () => {
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { slow: schema, quick: json<number>() } })
  const heard: string[] = []
  stream.on('quick', (event) => heard.push(`quick ${event.data}`))
  stream.on('slow', (event) => heard.push(`slow ${String(event.data)}`))
  stream.on('*', (event) => heard.push(`all ${String(event.data)}`))
  await settled()
  send(['slow', '1'], ['quick', '2'])
  expect(heard).toEqual(['quick 2'])
  waiting[0]?.pass()
  await settled()
  expect(heard).toEqual(['quick 2', 'slow 1', 'all 1', 'all 2'])
})

test('each reader hears its events in the order they came, whichever is decoded first', async () => {
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { slow: schema, quick: text } })
  const heard: unknown[] = []
  stream.on(['slow', 'quick'], (event) => heard.push(event.data))
  await settled()
  send(['slow', '1'], ['slow', '2'], ['quick', 'q'], ['slow', '3'])
  waiting[2]?.pass()
  waiting[1]?.pass()
  await settled()
  expect(heard).toEqual([])
  waiting[0]?.pass()
  await settled()
  expect(heard).toEqual([1, 2, 'q', 3])
  send(['quick', 'at once'])
  expect(heard.at(-1)).toBe('at once')
})

test('what is decoded in one turn is one commit, for every reader', async () => {
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { slow: schema } })
  const commits: unknown[] = []
  const count = stream.reduce('slow', (n: number) => n + 1, 0)
  effect(() => {
    commits.push([stream.latest('slow').value?.data, count.value, stream.latest('*').value?.data])
  })
  await settled()
  send(['slow', '1'], ['slow', '2'], ['slow', '3'])
  for (const { pass } of waiting) pass()
  await settled()
  expect(commits).toEqual([
    [undefined, 0, undefined],
    [3, 3, 3],
  ])
})

test('each event is decoded once, however many wait for it, and the cursor does not wait', async () => {
  const { schema, waiting } = slowSchema()
  const { transport, stream, send } = open({ events: { slow: schema } })
  for (let n = 0; n < 5; n += 1) stream.on('slow', () => {})
  stream.latest('slow').subscribe(() => {})
  await settled()
  send(['slow', '1', '17'])
  expect(waiting).toHaveLength(1)
  stream.reconnect()
  expect(transport.last().request.lastEventId).toBe('17')
})

test('a payload that is refused in the end is told in its turn, dropped, and the next is heard', async () => {
  const { schema, waiting } = slowSchema()
  const onError = vi.fn<(error: Error) => void>()
  const { stream, send } = open({ events: { slow: schema }, onError })
  const heard: unknown[] = []
  stream.on('slow', (event) => heard.push(event.data))
  await settled()
  send(['slow', '1'], ['slow', '2'], ['slow', '3'])
  waiting[0]?.refuse('too small')
  waiting[1]?.fail(new Error('the database is away'))
  await settled()
  expect(onError.mock.calls.map(([error]) => error.message)).toEqual([
    'Cannot decode a "slow" event: too small. The event was dropped; its text is in error.data.',
    'Cannot decode a "slow" event: the database is away. The event was dropped; its text is in error.data.',
  ])
  expect(stream.decodeError.value).toMatchObject({ code: 'decode', data: '2' })
  waiting[2]?.pass()
  await settled()
  expect(heard).toEqual([3])
  expect(stream.decodeError.value).toBeUndefined()
})

test('a reader that stops while something is decoded for it hears nothing more', async () => {
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { slow: schema } })
  const heard: unknown[] = []
  const stop = stream.on('slow', (event) => heard.push(event.data))
  stream.on('slow', (event) => heard.push(`other ${String(event.data)}`))
  await settled()
  send(['slow', '1'])
  stop()
  waiting[0]?.pass()
  await settled()
  expect(heard).toEqual(['other 1'])
})

test('who stops before it has joined a stream that is sent once hears nothing more', async () => {
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { x: schema }, onEnd: 'complete' })
  stream.latest('x').subscribe(() => {})
  await settled()
  send(['x', '1'])
  const selector = vi.fn<() => void>()
  stream.select('x', selector).subscribe(() => {})()
  waiting[0]?.pass()
  await settled()
  expect(selector).not.toHaveBeenCalled()
})

test('a reader that stops at an event hears none of those that waited behind it', async () => {
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { slow: schema } })
  const heard: unknown[] = []
  stream.on('slow', (event) => heard.push(event.data), { once: true })
  await settled()
  send(['slow', '1'], ['slow', '2'])
  for (const { pass } of waiting) pass()
  await settled()
  expect(heard).toEqual([1])
})

test('who comes late waits for the last event with the others, and sees it decoded once', async () => {
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { slow: schema } })
  stream.on('slow', () => {})
  await settled()
  send(['slow', '1'])
  const late = stream.latest('slow')
  late.subscribe(() => {})
  expect(late.value).toBeUndefined()
  waiting[0]?.pass()
  await settled()
  expect(late.value?.data).toBe(1)
  expect(waiting).toHaveLength(1)
})

test('a gap comes in its place among the events that are still decoded', async () => {
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { slow: schema } })
  const count = stream.reduce('slow', (n: number) => n + 1, 0, { onGap: 'restart' })
  count.subscribe(() => {})
  await settled()
  send(['slow', '1'], ['slow', '2'], ['millrace-reset', ''], ['slow', '3'])
  waiting[0]?.pass()
  waiting[1]?.pass()
  await settled()
  expect(count.value).toBe(0)
  waiting[2]?.pass()
  await settled()
  expect(count.value).toBe(1)
})

test('a listener that throws in its turn is reported, and harms no other', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { schema, waiting } = slowSchema()
  const { stream, send } = open({ events: { slow: schema } })
  const heard: unknown[] = []
  stream.on('slow', () => {
    throw new Error('mine')
  })
  stream.on('slow', (event) => heard.push(event.data))
  await settled()
  send(['slow', '1'], ['slow', '2'])
  for (const { pass } of waiting) pass()
  await settled()
  expect(heard).toEqual([1, 2])
  expect(reported).toHaveBeenCalledTimes(2)
})

import { expect, test, vi } from 'vitest'
import { json, text, type Decoder } from './decode.ts'
import { open, settled } from './scripted-stream.test.support.ts'
import type { StandardSchema } from './standard-schema.ts'

function schemaOf(validate: StandardSchema<unknown, unknown>['~standard']['validate']) {
  return { '~standard': { version: 1, vendor: 'test', validate } } satisfies StandardSchema
}

async function hear(decoder: Decoder<unknown>, ...payloads: string[]) {
  const errors: Error[] = []
  const { stream, send } = open({ events: { x: decoder }, onError: (error) => errors.push(error) })
  const heard: unknown[] = []
  stream.on('x', (event) => heard.push(event.data))
  await settled()
  send(...payloads.map((data): [string, string] => ['x', data]))
  await settled()
  return { heard, errors }
}

test('text is the payload as it is, and json what it parses to', async () => {
  expect((await hear(text, '{"a":1}', '')).heard).toEqual(['{"a":1}', ''])
  expect((await hear(json(), '{"a":1}', 'null')).heard).toEqual([{ a: 1 }, null])
})

test('a function is given the text and the event', async () => {
  const { heard } = await hear((raw, event) => [raw, event.type, event.lastEventId], 'a')
  expect(heard).toEqual([['a', 'x', '']])
})

test('a schema is given the parsed JSON, and its output is the payload', async () => {
  const schema = schemaOf((value) => ({ value: [value] }))
  expect((await hear(schema, '{"a":1}')).heard).toEqual([[{ a: 1 }]])
  expect((await hear(schema, 'no JSON')).errors).toHaveLength(1)
})

test('a schema that is a function is a schema', async () => {
  const callable = Object.assign(
    () => 'called',
    schemaOf((value) => ({ value })),
  )
  expect((await hear(callable, '1')).heard).toEqual([1])
})

test('a promise that a function returns is the payload', async () => {
  const promise = Promise.resolve(1)
  const { heard } = await hear(() => promise, 'a')
  expect(heard[0]).toBe(promise)
})

test('issues are in the message, with where they are, and all of them are the cause', async () => {
  const issues = [
    { message: 'too small', path: ['orders', 0, { key: 'price' }] },
    { message: 'missing', path: ['id'] },
    { message: 'odd' },
    { message: 'long', path: [] },
    { message: 'short', path: [Symbol('s')] },
  ]
  const { errors } = await hear(
    schemaOf(() => ({ issues })),
    '{}',
  )
  expect(errors[0]?.message).toBe(
    'Cannot decode a "x" event: orders.0.price: too small; id: missing; odd; and 2 more. The event was dropped; its text is in error.data.',
  )
  expect(errors[0]).toMatchObject({ code: 'decode', data: '{}', cause: issues })
})

test.each([
  [
    'throws',
    () => {
      throw new Error('mine')
    },
  ],
  [
    'throws what is no error',
    () => {
      // oxlint-disable-next-line no-throw-literal
      throw 'mine'
    },
  ],
  ['rejects', () => Promise.reject(new Error('mine'))],
] as const)('a schema that %s drops the event, and the stream goes on', async (_, fail) => {
  const schema = schemaOf((value) => (value === 2 ? fail() : { value }))
  const { heard, errors } = await hear(schema, '1', '2', '3')
  expect(heard).toEqual([1, 3])
  expect(errors.map(({ message }) => message)).toEqual([
    'Cannot decode a "x" event: mine. The event was dropped; its text is in error.data.',
  ])
})

test('a type that nobody reads is not decoded, and one that many read only once for each decoder', async () => {
  const [first, second] = [vi.fn<(raw: string) => string>(), vi.fn<(raw: string) => string>()]
  const { pool, stream, send } = open({ events: { x: first, unread: first } })
  const other = pool.stream('https://example.test/events', { events: { x: second } })
  for (let n = 0; n < 3; n += 1) {
    stream.on('x', () => {})
    other.on('x', () => {})
    other.latest('*').subscribe(() => {})
  }
  await settled()
  send(['x', 'a'], ['unread', 'b'])
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1])
  other.reduce('x', (n: number) => n, 0).subscribe(() => {})
  stream.latest('x').subscribe(() => {})
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1])
})

test.each([42, null, undefined, {}, 'json'])('%s is no decoder', (decoder) => {
  const map = { order: decoder as typeof text }
  expect(() => open({ events: map })).toThrow(
    'Cannot decode "order" events: the decoder is neither',
  )
})

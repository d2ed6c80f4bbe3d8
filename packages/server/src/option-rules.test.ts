import { expect, test } from 'vitest'
import { createEventServer } from './event-server.ts'
import { finiteReplay } from './log/finite-replay.ts'
import { validReplay } from './log/valid-replay.ts'
import { toNodeHandler } from './node/handler.ts'
import { serve } from './node/serve.ts'

const ofJavaScript = createEventServer as (options: object) => unknown

test.each([
  { maxBacklog: Number.NaN },
  { maxSessions: -1 },
  { maxSessionsPerClient: '5' },
  { maxChannels: null },
  { ids: 'automatic' },
  { onUnknownId: 'ignore' },
  { labels: 'always' },
  { epoch: 5 },
  { lastEventIdParam: '' },
  { retry: -1 },
  { retry: '3000' },
  { keepAlive: true },
  { keepAlive: 15_000 },
  { keepAlive: { interval: '15000' } },
  { cors: 'https://app.example' },
  { cors: null },
  { headers: 'x-a: b' },
  { headers: { 'x-a': 'b\r\nset-cookie: c' } },
  { authorize: true },
  { onConnect: 'log' },
  { encode: {} },
  { replay: 100 },
  { replay: { count: 100 } },
  { provider: {} },
  { clock: { now: () => 0 } },
])('a server of %j is refused', (options) => {
  expect(() => ofJavaScript(options)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
})

test('it is said which option it is, and what it may be', () => {
  expect(() => ofJavaScript({ cors: 'https://app.example' })).toThrow(
    `Cannot make the server: cors is "https://app.example". Give true, false, or an object as { origin: 'https://app.example' }.`,
  )
  expect(() => ofJavaScript({ ids: 'automatic' })).toThrow(
    'Cannot make the server: ids is "automatic". Give "auto" or "manual".',
  )
})

test('an option that is undefined is one that was left out', () => {
  const names = ['replay', 'cors', 'authorize', 'keepAlive', 'maxSessions', 'ids', 'epoch']
  const options = Object.fromEntries(names.map((name) => [name, undefined]))
  expect(() => ofJavaScript(options)).not.toThrow()
})

test('a bound of a replay is a number', () => {
  const count = '100' as unknown as number
  expect(() => finiteReplay({ count })).toThrow(
    'count is of type string. Give a number of at least 1.',
  )
  expect(() => validReplay({ ttl: count })).toThrow(
    'ttl is of type string. Give a number of at least 1.',
  )
})

test('what has no fetch is mounted nowhere', () => {
  const { fetch } = createEventServer()
  expect(() => toNodeHandler(fetch as never)).toThrow('Give the event server itself, or { fetch }.')
})

test.each([Number.NaN, -1, Infinity])('a grace of %d is refused', async (grace) => {
  await expect(serve(createEventServer(), { grace })).rejects.toThrow(`grace is ${grace}.`)
})

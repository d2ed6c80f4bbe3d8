import { createClient, createCluster, createSentinel } from 'redis'
import { expect, test } from 'vitest'
import { checkClient, isPassing, isRefusal, reasonOf } from './client.ts'
import type { RedisClient } from './client.ts'

test('what createClient gives is a client, whichever protocol it speaks', () => {
  const clients: RedisClient[] = [
    createClient(),
    createClient({ RESP: 2 }),
    createClient({ RESP: 3 }),
  ]
  for (const client of clients) expect(checkClient(client)).toBe(client)
})

test.each([
  ['a cluster', () => createCluster({ rootNodes: [] })],
  ['sentinels', () => createSentinel({ name: 'master', sentinelRootNodes: [] })],
])('the client of %s is refused', (_, make) => {
  expect(() => checkClient(make() as never)).toThrow(
    /^Cannot use the client: it is of a cluster, or of sentinels\. Give what createClient\(\)/,
  )
})

test('a client of another make is refused, and told what is missing', () => {
  const ioredis = { duplicate() {}, connect() {}, disconnect() {}, on() {}, sendCommand() {} }
  expect(() => checkClient(ioredis as never)).toThrow(
    /^Cannot use the client: it has no destroy\(\)\. Give what createClient\(\) of the `redis` package makes/,
  )
  expect(() => checkClient(undefined as never)).toThrow(/^Cannot use the client/)
})

test.each([
  ["READONLY You can't write against a read only replica.", true, true],
  ['LOADING Redis is loading the dataset in memory', true, true],
  ["OOM command not allowed when used memory > 'maxmemory'.", true, false],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', true, false],
  ['Socket closed unexpectedly', false, false],
  ['connect ECONNREFUSED 127.0.0.1:6379', false, false],
  ['The client is closed', false, false],
])('%j is a refusal: %s, that passes: %s', (message, refusal, passing) => {
  const error = new Error(message)
  expect([isRefusal(error), isPassing(error)]).toEqual([refusal, passing])
})

test('the reason of a host with several addresses is that of the first', () => {
  expect(reasonOf(new AggregateError([new Error('connect ECONNREFUSED ::1:6379')]))).toBe(
    'connect ECONNREFUSED ::1:6379',
  )
  expect(reasonOf('nothing')).toBe('nothing')
})

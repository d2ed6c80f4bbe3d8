import { expect, test } from 'vitest'
import { connect, resumeFrom } from '../../test/connect.ts'
import { fill, hears, replaying, RESET } from '../../test/replaying.ts'
import { createEventServer } from '../event-server.ts'
import { finiteReplay } from './finite-replay.ts'

test('a client gets exactly what came after its cursor', async () => {
  const events = replaying()
  await fill(events, 3)
  expect(await hears(events, 'e-1')).toBe('id: e-2\ndata: 2\n\nid: e-3\ndata: 3\n\n')
})

test('a client that is up to date gets nothing', async () => {
  const events = replaying()
  await fill(events, 3)
  expect(await hears(events, 'e-3')).toBe('')
})

test('a client without a cursor gets nothing', async () => {
  const events = replaying()
  await fill(events, 3)
  expect(await hears(events, '')).toBe('')
})

test('the cursor may stand in the query', async () => {
  const events = replaying()
  await fill(events, 2)
  const stream = await connect(events, '/?channel=a&lastEventId=e-1')
  expect(await stream.read()).toBe('id: e-2\ndata: 2\n\n')
})

test('a label is taken off the cursor and put on what is replayed', async () => {
  const events = replaying()
  await events.publish('a', { data: '1' })
  await events.publish('b', { data: '2' })
  await events.broadcast({ data: '3' })
  const wire = 'id: b@e-2\ndata: 2\n\nid: @e-3\ndata: 3\n\n'
  expect(await hears(events, 'a@e-1', '/?channel=a&channel=b')).toBe(wire)
})

test('an id with an @ of its own is found', async () => {
  const events = replaying()
  await events.publish('a', { id: 'ada@home', data: '1' })
  await events.publish('a', { id: 'ada@work', data: '2' })
  expect(await hears(events, 'ada@home')).toBe('id: a@ada@work\ndata: 2\n\n')
})

test('events without an id, or with the same one, are replayed each with its own text', async () => {
  const events = replaying({ ids: 'manual', replay: finiteReplay({ count: 9 }) })
  await events.publish('a', { id: 'x', data: '0' })
  for (const data of ['1', '2', '3']) await events.publish('a', { data })
  expect(await hears(events, 'x')).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n')
})

test('channels called added start now, the others resume', async () => {
  const events = replaying()
  await events.publish(['a', 'b'], { data: '1' })
  await events.publish('a', { data: '2' })
  await events.publish('b', { data: '3' })
  const path = '/?channel=a&channel=b&added=b'
  const stream = await connect(events, path, resumeFrom('e-1'))
  expect(await stream.read()).toBe('id: a@e-2\ndata: 2\n\n')
  void events.publish('b', { data: '4' })
  expect(await stream.read()).toBe('id: b@e-4\ndata: 4\n\n')
})

test.each([
  ['reset', `id: e-5\n${RESET}`],
  ['none', 'id: e-5\n\n'],
  ['all', [3, 4, 5].map((n) => `id: e-${n}\ndata: ${n}\n\n`).join('')],
] as const)('an expired or unknown id gets %s', async (onUnknownId, wire) => {
  for (const cursor of ['e-1', 'other-3', 'nonsense']) {
    const events = replaying({ onUnknownId })
    await fill(events, 5)
    expect(await hears(events, cursor)).toBe(wire)
  }
})

test('a reset is a cursor from which one resumes', async () => {
  const events = replaying()
  const stream = await connect(events, '/?channel=a', resumeFrom('old-7'))
  expect(await stream.read()).toBe(`id: e-0\n${RESET}`)
  const again = await connect(events, '/?channel=a', resumeFrom('e-0'))
  await fill(events, 1)
  expect(await again.read()).toBe('id: e-1\ndata: 1\n\n')
  expect(await hears(events, 'e-0')).toBe('id: e-1\ndata: 1\n\n')
})

test('without a replay, who has missed something is told so, once', async () => {
  const events = createEventServer({ epoch: 'e' })
  await fill(events, 2)
  const stream = await connect(events, '/?channel=a', resumeFrom('e-1'))
  expect(await stream.read()).toBe(`id: e-2\n${RESET}`)
  expect(await hears(events, 'e-2')).toBe('')
})

test('without a replay, who has missed nothing of its channels is told nothing', async () => {
  const events = createEventServer({ epoch: 'e' })
  await fill(events, 2)
  await events.publish('b', { data: '3' })
  expect(await hears(events, 'e-2')).toBe('')
})

test('without a replay, policies but reset are kept as well', async () => {
  const events = createEventServer({ epoch: 'e', onUnknownId: 'none' })
  await fill(events, 2)
  expect(await hears(events, 'e-1')).toBe('id: e-2\n\n')
})

test('a label says whose id it is, where channels have the same', async () => {
  const events = replaying({ ids: 'manual', replay: finiteReplay({ count: 9 }) })
  for (const name of ['a', 'b']) await events.publish(name, { id: '1', data: `${name}1` })
  for (const name of ['a', 'b']) await events.publish(name, { id: '2', data: `${name}2` })
  const both = '/?channel=a&channel=b'
  expect(await hears(events, 'a@1', both)).toBe(
    'id: b@1\ndata: b1\n\nid: a@2\ndata: a2\n\nid: b@2\ndata: b2\n\n',
  )
})

test('where events need not have ids, a new stream has no cursor, and hears nothing twice', async () => {
  const events = replaying({ ids: 'manual' })
  const response = await events.fetch(new Request('http://localhost/?channel=a'))
  await events.publish('a', { data: '1' })
  await events.close()
  expect(await response.text()).toBe(': connected\n\ndata: 1\n\n')
})

test('who is sent all there is, and that is nothing, has a cursor that is known', async () => {
  const events = replaying({ onUnknownId: 'all' })
  expect(await hears(events, 'dead')).toBe('id: e-0\n\n')
})

import { expect, test } from 'vitest'
import { manualClock } from '../index.ts'
import { fake } from '../listener.test.support.ts'
import { record } from './record.ts'
import type { RecordedCue } from './recording.ts'

const url = 'http://localhost/events'

test('a stream is recorded to its end, each event with its time', async () => {
  const clock = manualClock({ now: 5_000 })
  const events = fake()
  const told: RecordedCue[] = []
  const recording = record(url, { fetch: events.fetch, clock, onCue: (cue) => told.push(cue) })
  await events.connected()
  await events.send({ data: 'a', id: '1' })
  await clock.advance(120)
  await events.sendRaw('data: b\r')
  await events.sendRaw('\n\r\n: remark\n\n')
  await clock.advance(10.4)
  await events.sendRaw('data: half')
  await clock.advance(9.6)
  await events.end()
  expect(await recording).toEqual([
    { at: 0, raw: '\n' },
    { at: 0, raw: 'id: 1\ndata: a\n\n' },
    { at: 120, raw: 'data: b\r\n\r\n' },
    { at: 120, raw: ': remark\n\n' },
    { at: 140, raw: 'data: half' },
    { at: 140, end: true },
  ])
  expect(told).toEqual(await recording)
})

test('a stream that breaks within an event is recorded so', async () => {
  const events = fake()
  const recording = record(url, { fetch: events.fetch, clock: manualClock() })
  await events.connected()
  await events.sendRaw('data: ha')
  await events.drop()
  expect(await recording).toEqual([
    { at: 0, raw: '\n' },
    { at: 0, raw: 'data: ha' },
    { at: 0, drop: true },
  ])
})

test('so many events are recorded, and the stream is left', async () => {
  const events = fake()
  const recording = record(url, { fetch: events.fetch, clock: manualClock(), events: 2 })
  await events.connected()
  await events.sendRaw(': no event\n\nid: 1\n\ndata: a\n\ndata\n\ndata: c\n\n')
  expect((await recording).map((cue) => 'raw' in cue && cue.raw)).toEqual([
    '\n',
    ': no event\n\n',
    'id: 1\n\n',
    'data: a\n\n',
    'data\n\n',
  ])
  await events.flush()
  expect(events.clients).toEqual([])
})

for (const how of ['duration', 'signal'] as const) {
  test(`a ${how} stops a recording, which has no end then, nor half an event`, async () => {
    const clock = manualClock()
    const stop = new AbortController()
    const events = fake()
    const recording = record(url, {
      fetch: events.fetch,
      clock,
      ...(how === 'signal' ? { signal: stop.signal } : { duration: 1_000 }),
    })
    await events.send({ data: 'a', id: '1' })
    await events.sendRaw('data: half')
    if (how === 'signal') stop.abort()
    await clock.advance(1_000)
    expect((await recording).at(-1)).toEqual({ at: 0, raw: 'id: 1\ndata: a\n\n' })
    await events.flush()
    expect([events.clients, clock.pending]).toEqual([[], 0])
  })
}

test('it asks as it is told to', async () => {
  const events = fake({ methods: ['POST'] })
  const recording = record(new URL(url), {
    fetch: events.fetch,
    clock: manualClock(),
    method: 'POST',
    body: 'hello',
    headers: { authorization: 'Bearer me', accept: 'text/event-stream;v=2' },
  })
  const [client] = await events.connected()
  expect([
    client?.request.method,
    await client?.request.text(),
    client?.headers.get('authorization'),
    client?.headers.get('accept'),
    client?.headers.get('cache-control'),
  ]).toEqual(['POST', 'hello', 'Bearer me', 'text/event-stream;v=2', 'no-store'])
  await events.end()
  await recording
})

test('who is told of a cue and throws fails the recording, and the stream is left', async () => {
  const events = fake()
  const told: RecordedCue[] = []
  const onCue = (cue: RecordedCue): void => {
    if (told.push(cue) === 1) throw new Error('of a disk')
  }
  const recording = record(url, { fetch: events.fetch, onCue })
  await expect(recording).rejects.toThrow('of a disk')
  await events.flush()
  expect([events.clients, told.length]).toEqual([[], 1])
})

test('what is no event stream is an error', async () => {
  const events = fake()
  events.refuse({ status: 403, body: 'no' }, { times: 1 })
  await expect(record(url, { fetch: events.fetch })).rejects.toThrow(
    /^Cannot record http:\/\/localhost\/events: it answered 403 with .*\. Give the address, and the headers, of an event stream\.$/,
  )
  events.refuse({ status: 200, headers: { 'content-type': 'text/html' } }, { times: 1 })
  await expect(record(url, { fetch: events.fetch })).rejects.toMatchObject({ code: 'not-a-stream' })
})

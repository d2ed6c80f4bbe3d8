import { afterEach, expect, test, vi } from 'vitest'
import { manualClock } from '../index.ts'
import type { Timeline } from '../index.ts'
import { fake, listen } from '../listener.test.support.ts'

afterEach(() => void vi.useRealTimers())

test('a manual clock is moved from cue to cue, and each has arrived before the next', async () => {
  const clock = manualClock({ now: 1_000 })
  const events = fake()
  const listener = listen(events)
  const seen: string[] = []
  const look = (): void =>
    void seen.push(`${clock.now()} ${listener.data.join()} ${listener.ended}`)
  clock.setTimeout(() => seen.push('a timer between'), 600)
  await events.play(
    [
      { at: 500, event: 'tick', data: 'b' },
      { at: 0, data: 'a' },
      { at: 0, run: look },
      { at: 500, run: look },
      { at: 700, end: true },
      { at: 700, run: look },
    ],
    { clock },
  )
  expect(seen).toEqual([
    '1000 a undefined',
    '1500 a,b undefined',
    'a timer between',
    '1700 a,b true',
  ])
})

test('everything that a fake can do is a cue', async () => {
  const events = fake()
  const clock = manualClock()
  const pets = listen(events, '?channel=pets')
  const statuses: (number | undefined)[] = []
  const ask = async (): Promise<void> => {
    const listener = listen(events)
    await Promise.resolve()
    statuses.push((await events.fetch('/events').catch(() => undefined))?.status, listener.status)
  }
  const timeline: Timeline = [
    { at: 1, channel: 'pets/dogs', data: 'Corgi', id: '1' },
    { at: 2, comment: 'a remark' },
    { at: 3, raw: 'data: raw\n\n' },
    { at: 4, drop: true },
    { at: 5, refuse: { status: 503 }, times: 2 },
    { at: 5, run: ask },
    { at: 6, unreachable: true },
    { at: 6, run: ask },
    { at: 7, accept: true },
    { at: 8, stall: true },
    { at: 8, run: ask },
    { at: 9, data: 'unheard' },
  ]
  await events.play(timeline, { clock })
  expect(pets.text).toBe('\nid: pets/dogs@1\ndata: Corgi\n\n: a remark\n\ndata: raw\n\n')
  expect(statuses).toEqual([503, 503, undefined, undefined, 200, 200])
  expect(events.log.at(-1)).toMatchObject({ kind: 'sent', clients: [] })
})

test('faked timers are moved by vi, or by the test', async () => {
  vi.useFakeTimers({ toNotFake: ['setImmediate', 'clearImmediate'] })
  const events = fake()
  const listener = listen(events)
  const timeline: Timeline = [
    { at: 100, data: 'a' },
    { at: 300, data: 'b' },
  ]
  const start = Date.now()
  await events.play(timeline, { clock: vi })
  expect([Date.now() - start, listener.data]).toEqual([300, ['a', 'b']])

  const playing = events.play(timeline)
  await vi.advanceTimersByTimeAsync(100)
  await events.flush()
  expect(listener.data).toEqual(['a', 'b', 'a'])
  await vi.advanceTimersByTimeAsync(200)
  await playing
  expect(listener.data).toEqual(['a', 'b', 'a', 'b'])
})

test('a signal stops it, at once', async () => {
  const events = fake()
  const listener = listen(events)
  const stop = new AbortController()
  const playing = events.play(
    [
      { at: 0, data: 'a' },
      { at: 1_000_000, data: 'b' },
    ],
    {
      signal: stop.signal,
    },
  )
  await events.flush()
  stop.abort()
  await playing
  await events.play([{ at: 0, data: 'c' }], { signal: stop.signal })
  expect(listener.data).toEqual(['a'])
})

test('a recording is played, from its text too', async () => {
  const events = fake()
  const listener = listen(events)
  const clock = manualClock()
  await events.play(': at 10\nid: 7\ndata: a\n\n: at 20 raw "data: ha"\n\n: at 30 drop\n\n', {
    clock,
  })
  expect([listener.text, clock.now()]).toEqual(['\nid: 7\ndata: a\n\ndata: ha', 30])
  expect(events.log.at(-1)).toMatchObject({ kind: 'closed', reason: 'dropped' })
})

test('what cannot be done says when, and where it was asked for', async () => {
  const events = fake()
  const error: unknown = await events
    .play([{ at: 500, data: 'a' }], { clock: manualClock() })
    .catch((cause: unknown) => cause)
  expect(error).toMatchObject({ code: 'nobody-connected' })
  expect((error as Error).message).toMatch(/ \(At 500 ms of the timeline\.\)$/)
  await events.play([{ at: 0, data: 'a' }], { allowNone: true })
})

for (const [cue, words] of [
  [{ at: 1 }, 'Cannot play {"at":1}: it says nothing. Make it an event, or one of raw, end,'],
  [
    { at: 1, drop: true, data: 'a' },
    'Cannot play {"at":1,"drop":true,"data":"a"}: it is drop and an event at once.',
  ],
  [{ at: -1, end: true }, 'Cannot play {"at":-1,"end":true}: it is at -1. Give milliseconds'],
  [{ data: 'a' }, 'Cannot play {"data":"a"}: it is at undefined.'],
] as const) {
  test(`nothing is played of what has ${JSON.stringify(cue)}`, async () => {
    const events = fake()
    const listener = listen(events)
    await events.connected()
    await expect(events.play([{ at: 0, data: 'a' }, cue as never])).rejects.toThrow(words)
    expect(listener.data).toEqual([])
  })
}

import { expect, test } from 'vitest'
import { noReplay } from './no-replay.ts'
import type { LogEntry, Replay } from './replay.ts'

const UP_TO_DATE: readonly LogEntry[] = []
const GAP = undefined

function entry(
  n: number,
  channels: readonly string[],
  id: string | undefined = `e-${n}`,
): LogEntry {
  return { position: `e-${n}`, time: 0, channels, event: { id, data: 'x' } }
}

function ask(
  replay: Replay,
  after: string,
  channels: readonly string[],
  label?: readonly string[],
) {
  return replay.after({ after, label, channels, now: 0 })
}

test('who has the newest of its channels is up to date, whatever was published elsewhere', () => {
  const replay = noReplay()
  for (const [n, name] of ['a', 'a/b', 'c', 'c'].entries()) void replay.put(entry(n + 1, [name]))
  expect(ask(replay, 'e-2', ['a'])).toEqual(UP_TO_DATE)
  expect(ask(replay, 'e-3', ['a'])).toEqual(UP_TO_DATE)
  expect(ask(replay, 'e-1', ['a'])).toBe(GAP)
  expect(ask(replay, 'e-2', ['a', 'c'])).toBe(GAP)
  void replay.put(entry(5, []))
  expect(ask(replay, 'e-2', ['a'])).toBe(GAP)
})

test('an id of another run, or of nobody, is a gap', () => {
  const replay = noReplay()
  void replay.put(entry(1, ['a']))
  for (const id of ['other-1', 'e-2', 'nonsense', '']) expect(ask(replay, id, ['a'])).toBe(GAP)
  void replay.put({ ...entry(1, ['b']), position: 'new-1' })
  expect(ask(replay, 'e-1', ['a'])).toBe(GAP)
  expect(ask(replay, 'new-1', ['a'])).toEqual(UP_TO_DATE)
})

test("the publisher's own ids are known while they are the newest, each in its channel", () => {
  const replay = noReplay()
  void replay.put(entry(1, ['a'], '7'))
  void replay.put(entry(2, ['b'], '7'))
  expect(ask(replay, '7', ['a'])).toEqual(UP_TO_DATE)
  expect(ask(replay, '7', ['a', 'b'], ['b'])).toEqual(UP_TO_DATE)
  expect(ask(replay, '7', ['a', 'b'], ['a'])).toBe(GAP)
  void replay.put(entry(3, ['a'], undefined))
  expect(ask(replay, '7', ['a'])).toBe(GAP)
})

test('of many channels the longest unused is forgotten: who comes back to it is told of a gap', () => {
  const replay = noReplay(2)
  for (const [n, name] of ['a', 'b', 'a', 'c'].entries()) void replay.put(entry(n + 1, [name]))
  expect(ask(replay, 'e-1', ['b'])).toBe(GAP)
  expect(ask(replay, 'e-2', ['b'])).toEqual(UP_TO_DATE)
  expect(ask(replay, 'e-3', ['a'])).toEqual(UP_TO_DATE)
})

test('everything that is kept is never answered', () => {
  const replay = noReplay()
  expect(replay.after({ after: undefined, channels: ['a'], now: 0 })).toBe(GAP)
})

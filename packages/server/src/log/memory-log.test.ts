import { expect, test } from 'vitest'
import { finiteReplay } from './finite-replay.ts'
import { MemoryLog } from './memory-log.ts'
import { validReplay } from './valid-replay.ts'
import type { LogEntry, Replay, ReplayAnswer } from './replay.ts'

let time = 0
const entry = (n: number, channels: string[], event: LogEntry['event'] = {}): LogEntry => ({
  position: `e-${n}`,
  time,
  channels,
  event: { id: `e-${n}`, data: String(n), ...event },
})
const fill = (replay: Replay, ...channels: string[]): Replay => {
  for (const [index, channel] of channels.entries()) {
    void replay.put(entry(index + 1, channel === '' ? [] : [channel]))
  }
  return replay
}
const after = (
  replay: Replay,
  id: string | undefined,
  channels: string[],
): string[] | undefined => {
  const answer = replay.after({ after: id, channels, now: time }) as ReplayAnswer
  return answer?.map(({ event }) => String(event.data))
}

test('a replay is exactly what came after the id', () => {
  const replay = fill(finiteReplay({ count: 10 }), 'a', 'a', 'a')
  expect(after(replay, 'e-1', ['a'])).toEqual(['2', '3'])
})

test('who is up to date gets nothing', () => {
  const replay = fill(finiteReplay({ count: 10 }), 'a', 'a')
  expect(after(replay, 'e-2', ['a'])).toEqual([])
})

test('subtrees and broadcasts are replayed in one order', () => {
  const replay = fill(finiteReplay({ count: 10 }), 'a', 'a/b', 'ab', '', 'c', 'a/b/c')
  expect(after(replay, 'e-1', ['a'])).toEqual(['2', '4', '6'])
})

test('an id of another run is unknown', () => {
  const replay = fill(finiteReplay({ count: 10 }), 'a')
  expect(after(replay, 'f-1', ['a'])).toBeUndefined()
  expect(after(replay, 'nonsense', ['a'])).toBeUndefined()
})

test('an id that is yet to come is unknown', () => {
  const replay = fill(finiteReplay({ count: 10 }), 'a')
  expect(after(replay, 'e-2', ['a'])).toBeUndefined()
})

test('an empty log knows no id', () => {
  expect(after(finiteReplay({ count: 1 }), '0', ['a'])).toBeUndefined()
})

test('without an id everything kept is replayed', () => {
  const replay = fill(finiteReplay({ count: 2 }), 'a', 'a', 'a')
  expect(after(replay, undefined, ['a'])).toEqual(['2', '3'])
})

test('an id is expired when something after it is gone', () => {
  const replay = fill(finiteReplay({ count: 2 }), 'a', 'a', 'a', 'a')
  expect(after(replay, 'e-1', ['a'])).toBeUndefined()
})

test('an id that is gone is good while all after it is kept', () => {
  const replay = fill(finiteReplay({ count: 2 }), 'a', 'a', 'a')
  expect(after(replay, 'e-1', ['a'])).toEqual(['2', '3'])
})

test('a busy channel expires nothing of a quiet one', () => {
  const replay = fill(finiteReplay({ count: 2 }), 'quiet', 'busy', 'busy', 'busy', 'quiet')
  expect(after(replay, 'e-1', ['quiet'])).toEqual(['5'])
  expect(after(replay, 'e-1', ['quiet', 'busy'])).toBeUndefined()
})

test('an event of two channels is kept while one of them keeps it', () => {
  const replay = finiteReplay({ count: 1 })
  void replay.put(entry(1, ['a', 'b']))
  void replay.put(entry(2, ['a']))
  expect(after(replay, undefined, ['b'])).toEqual(['1'])
  void replay.put(entry(3, ['b']))
  expect(after(replay, undefined, ['a', 'b'])).toEqual(['2', '3'])
})

test('ids of the publisher are cursors too', () => {
  const replay = finiteReplay({ count: 2 })
  for (const [index, id] of ['x', 'y', 'z'].entries())
    void replay.put(entry(index + 1, ['a'], { id }))
  expect(after(replay, 'y', ['a'])).toEqual(['3'])
  expect(after(replay, 'x', ['a'])).toEqual(['2', '3'])
  void replay.put(entry(4, ['a'], { id: 'zz' }))
  expect(after(replay, 'x', ['a'])).toBeUndefined()
})

test('events without an id are replayed with the others', () => {
  const replay = finiteReplay({ count: 5 })
  void replay.put(entry(1, ['a'], { id: 'x' }))
  void replay.put(entry(2, ['a'], { id: undefined }))
  expect(after(replay, 'x', ['a'])).toEqual(['2'])
})

test('bytes are bounded in all, the oldest go first', () => {
  const replay = finiteReplay({ count: 10, maxBytes: 1300 })
  for (const n of [1, 2, 3, 4]) void replay.put(entry(n, [`channel-${n}`]))
  expect(after(replay, undefined, ['/'])).toEqual(['2', '3', '4'])
  expect(after(replay, 'e-1', ['/'])).toEqual(['2', '3', '4'])
  void replay.put(entry(5, ['a']))
  expect(after(replay, 'e-1', ['/'])).toBeUndefined()
})

test('what is older than its time is never replayed', () => {
  time = 0
  const replay = fill(validReplay({ ttl: 100 }), 'a')
  time = 60
  void replay.put(entry(2, ['a']))
  time = 99
  expect(after(replay, undefined, ['a'])).toEqual(['1', '2'])
  time = 100
  expect(after(replay, undefined, ['a'])).toEqual(['2'])
  expect(after(replay, 'e-1', ['a'])).toEqual(['2'])
  time = 200
  expect(after(replay, 'e-2', ['a'])).toEqual([])
  expect(after(replay, 'e-1', ['a'])).toBeUndefined()
  time = 0
})

test.each([0, -1, Number.NaN])('a bound of %d is refused', (count) => {
  expect(() => finiteReplay({ count })).toThrow(/^Cannot make the replay: .+\. Give/)
})

test('an event that another channel kept hides no eviction of its own', () => {
  const replay = finiteReplay({ count: 1 })
  void replay.put(entry(1, ['a', 'b']))
  void replay.put(entry(2, ['a']))
  void replay.put(entry(3, ['a']))
  void replay.put(entry(4, ['b']))
  expect(after(replay, 'e-1', ['a'])).toBeUndefined()
  expect(after(replay, 'e-2', ['a'])).toEqual(['3'])
})

test('an id that several channels have is the one of the channels asked about', () => {
  const replay = finiteReplay({ count: 5 })
  void replay.put(entry(1, ['a'], { id: '1' }))
  void replay.put(entry(2, ['a'], { id: '2' }))
  void replay.put(entry(3, ['b'], { id: '1' }))
  expect(after(replay, '1', ['a'])).toEqual(['2'])
  expect(after(replay, '1', ['c'])).toBeUndefined()
  expect(after(replay, '1', ['a', 'b'])).toEqual([])
  const answer = replay.after({ after: '1', label: ['a'], channels: ['a', 'b'], now: 0 })
  expect((answer as readonly LogEntry[]).map(({ position }) => position)).toEqual(['e-2', 'e-3'])
})

test('an id of a channel no longer asked about is a cursor while nothing is gone', () => {
  const replay = finiteReplay({ count: 1 })
  void replay.put(entry(1, ['b'], { id: 'x' }))
  void replay.put(entry(2, ['a']))
  expect(after(replay, 'x', ['a'])).toEqual(['2'])
  void replay.put(entry(3, ['a']))
  expect(after(replay, 'x', ['a'])).toBeUndefined()
})

test('all the text of an event counts, JSON too', () => {
  const replay = finiteReplay({ count: 10, maxBytes: 3000 })
  void replay.put(entry(1, ['a'], { data: { text: 'x'.repeat(1000) } }))
  void replay.put(entry(2, ['a'], { id: 'i'.repeat(500), event: 'e'.repeat(500) }))
  expect(after(replay, undefined, ['a'])).toHaveLength(2)
  void replay.put(entry(3, ['a'], { comment: 'c'.repeat(500) }))
  expect(after(replay, undefined, ['a'])).toHaveLength(2)
})

test.each(['e-1', 'e-0', 'nonsense', '-2', 'e-'])(
  'the position %j does not come after e-1',
  (position) => {
    const replay = fill(finiteReplay({ count: 5 }), 'a')
    expect(() => replay.put({ ...entry(2, ['a']), position })).toThrow(/^Cannot keep an event/)
    expect(after(replay, undefined, ['a'])).toEqual(['1'])
  },
)

test('another run starts with an empty log', () => {
  const replay = fill(finiteReplay({ count: 5 }), 'a', 'a')
  void replay.put({ ...entry(1, ['a'], { id: 'f-1' }), position: 'f-1' })
  expect(after(replay, undefined, ['a'])).toEqual(['1'])
  expect(after(replay, 'e-1', ['a'])).toBeUndefined()
})

const placed = (position: string): LogEntry => ({
  position,
  time,
  channels: ['a'],
  event: { id: position, data: position },
})

test('a log that comes in late knows nothing of what was before', () => {
  const replay = finiteReplay({ count: 10 })
  for (const n of [5, 6, 7]) void replay.put(placed(`e-${n}`))
  expect(after(replay, 'e-5', ['a'])).toEqual(['e-6', 'e-7'])
  expect(after(replay, 'e-4', ['a'])).toEqual(['e-5', 'e-6', 'e-7'])
  expect(after(replay, 'e-3', ['a'])).toBeUndefined()
})

test('an order that goes on under other epochs is one order, each id of it known exactly', () => {
  const log = new MemoryLog({ total: 3 }, 'e-0')
  for (const position of ['e-1', 'f-2', 'e-3']) log.put(placed(position))
  expect(after(log, 'e-0', ['a'])).toEqual(['e-1', 'f-2', 'e-3'])
  expect(after(log, 'f-2', ['a'])).toEqual(['e-3'])
  expect(after(log, 'e-2', ['a'])).toBeUndefined()
  log.put(placed('g-4'))
  expect(after(log, 'e-1', ['a'])).toEqual(['f-2', 'e-3', 'g-4'])
  expect(after(log, 'e-0', ['a'])).toBeUndefined()
})

test('an epoch that does not go on is another order', () => {
  const log = new MemoryLog({})
  for (const position of ['e-1', 'e-2', 'f-4']) log.put(placed(position))
  expect(after(log, 'e-2', ['a'])).toBeUndefined()
  expect(after(log, 'f-4', ['a'])).toEqual([])
  expect(() => log.put(placed('f-4'))).toThrow(/^Cannot keep an event: its position "f-4"/)
  expect(() => log.put(placed('g-0'))).toThrow(/^Cannot keep an event: its position "g-0"/)
})

test.each([undefined, 100, {}, { count: 0, ttl: 0 }])(
  'what bounds nothing makes no replay: %j',
  (options) => {
    for (const make of [finiteReplay, validReplay]) {
      expect(() => make(options as never)).toThrow(/^Cannot make the replay: .+ Give a number/)
    }
  },
)

import { expect, test } from 'vitest'
import { scripted, typeOf, wireOf } from './fixture.ts'
import { expectTally, tallyOf } from './tally.ts'

const script = { events: 2_000, types: 50, seed: 7 }

test.each([0, 50])('every event of %i types is 80 bytes of valid text on the wire', (types) => {
  const events = [...scripted({ ...script, types })]
  expect(events).toHaveLength(2_000)
  expect(new Set(events.map((event) => Buffer.byteLength(wireOf(event))))).toEqual(new Set([80]))
  expect(events.map(({ data }) => (JSON.parse(data) as { n: number }).n)).toEqual(
    events.map((_, index) => index + 1),
  )
  const named = types === 0 ? ['message'] : Array.from({ length: types }, (_, at) => typeOf(at))
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(named))
})

test('the same seed gives the same events, and another gives others', () => {
  const tally = tallyOf(scripted(script))
  expect(tallyOf(scripted(script))).toEqual(tally)
  expect(tallyOf(scripted({ ...script, seed: 8 })).hash).not.toBe(tally.hash)
})

test.each<[string, (events: { data: string }[]) => unknown]>([
  ['lost', (events) => events.splice(1_000, 1)],
  ['doubled', (events) => events.splice(1_000, 0, ...events.slice(1_000, 1_001))],
  ['moved', (events) => events.unshift(...events.splice(1_000, 1))],
])('an event that is %s shows in the tally', (_, spoil) => {
  const events = [...scripted(script)]
  spoil(events)
  expect(() => expectTally(tallyOf(events), tallyOf(scripted(script)))).toThrow('Cannot go on')
})

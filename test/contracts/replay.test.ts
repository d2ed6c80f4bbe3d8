import { covers, finiteReplay, validReplay } from '@millrace/server'
import type { LogEntry, Replay, ReplayAnswer } from '@millrace/server'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'

// What is asked of every replay: an answer is exact, or it is none at all. The model keeps everything, and is asked
// the same questions.

const channel = fc.constantFrom('a', 'a/b', 'a/b/c', 'd', 'ab')
const put = fc.record({
  channels: fc.uniqueArray(channel, { maxLength: 3 }),
  // An id as the server makes it, one of the publisher's own, one that counts within its channel, or none.
  id: fc.constantFrom('position', 'own', 'per channel', 'none'),
  later: fc.nat({ max: 4 }),
  size: fc.nat({ max: 300 }),
})
// It is asked about every cursor there has been.
const ask = fc.record({
  channels: fc.uniqueArray(channel, { maxLength: 3 }),
  later: fc.nat({ max: 4 }),
})
const plan = fc.record({
  count: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  ttl: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  maxBytes: fc.option(fc.integer({ min: 1, max: 8000 }), { nil: undefined }),
  steps: fc.array(fc.oneof({ weight: 2, arbitrary: put }, { weight: 1, arbitrary: ask }), {
    maxLength: 60,
  }),
})

type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never
type Put = typeof put extends fc.Arbitrary<infer Value> ? Value : never

const hears = (own: readonly string[], { channels }: LogEntry): boolean =>
  channels.length === 0 || channels.some((name) => own.some((one) => covers(one, name)))

function replayOf({ count, ttl, maxBytes }: Plan): Replay {
  const bytes = maxBytes === undefined ? {} : { maxBytes }
  if (ttl === undefined) return finiteReplay({ count: count ?? 1000, ...bytes })
  return validReplay({ ttl, ...bytes, ...(count !== undefined && { count }) })
}

function entryOf(step: Put, time: number, published: readonly LogEntry[]): LogEntry {
  const n = published.length + 1
  const name = step.channels.join()
  const mates = published.filter((entry) => entry.channels.join() === name)
  const ids = {
    position: `e-${n}`,
    own: `own@${n}`,
    'per channel': step.channels.length === 1 ? `#${mates.length}` : `e-${n}`,
    none: undefined,
  }
  const id = ids[step.id]
  return {
    position: `e-${n}`,
    time,
    channels: step.channels,
    event: { id, data: 'x'.repeat(step.size) },
  }
}

// The one entry that a cursor can mean to who hears these channels; `undefined` where it is anybody's guess.
function meant(
  cursor: string,
  channels: readonly string[],
  published: readonly LogEntry[],
): number | undefined {
  const known = published.filter(({ event, position }) => (event.id ?? position) === cursor)
  const heard = known.filter((entry) => hears(channels, entry))
  const [only] = heard.length > 0 ? heard : known
  const certain = heard.length === 1 || known.length === 1
  return only && certain ? published.indexOf(only) : undefined
}

interface Asked {
  readonly answer: ReplayAnswer
  readonly exact: readonly LogEntry[]
}

function play(one: Plan): Asked[] {
  const replay = replayOf(one)
  const bounded = [one.count, one.ttl, one.maxBytes].some((bound) => bound !== undefined)
  const published: LogEntry[] = []
  const asked: Asked[] = []
  let time = 0
  for (const step of one.steps) {
    time += step.later
    if ('size' in step) {
      const entry = entryOf(step, time, published)
      published.push(entry)
      void replay.put(entry)
      continue
    }
    const { channels } = step
    for (const cursor of new Set(published.map(({ event, position }) => event.id ?? position))) {
      const from = meant(cursor, channels, published)
      if (from === undefined) continue
      const answer = replay.after({ after: cursor, channels, now: time }) as ReplayAnswer
      const exact = published.slice(from + 1).filter((entry) => hears(channels, entry))
      if (answer || !bounded) asked.push({ answer, exact })
    }
  }
  return asked
}

test('a replay answers with exactly what came after a cursor, or not at all', () => {
  fc.assert(
    fc.property(plan, (one) => {
      const asked = play(one)
      expect(asked.map(({ answer }) => answer)).toEqual(asked.map(({ exact }) => exact))
    }),
    { numRuns: rounds(500, 50_000) },
  )
})

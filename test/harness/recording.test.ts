import {
  fakeEventServer,
  formatRecording,
  manualClock,
  parseRecording,
  record,
} from '@millrace/testing'
import type { RecordedCue, Recording } from '@millrace/testing'
import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'

const numRuns = rounds(200, 20_000)

const eol = fc.constantFrom('\n', '\r\n', '\r')
const line = fc.oneof(
  fc.constantFrom(': at 7', ': at 7 end', ': at 7 raw "x"', 'data', 'data: a', 'id: 1', ':'),
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, '')),
)
const text = fc.array(fc.tuple(line, eol)).map((lines) => lines.flat().join(''))
// One event, as a server writes it.
const block = fc
  .array(line.filter(Boolean), { minLength: 1 })
  .map((lines) => [...lines, '', ''].join('\n'))
const at = fc.oneof(
  fc.nat(),
  fc.nat({ max: 1_000 }).map((half) => half / 2),
)
const cue: fc.Arbitrary<RecordedCue> = fc.oneof(
  fc.record({ at, raw: fc.oneof(text, block, fc.string()) }),
  fc.record({ at, end: fc.constant(true as const) }),
  fc.record({ at, drop: fc.constant(true as const) }),
)

function eventsOf(stream: string): readonly EventSourceMessage[] {
  const events: EventSourceMessage[] = []
  createParser({ onEvent: (event) => void events.push(event) }).feed(stream)
  return events
}

test('whatever is recorded is read as it was written', () => {
  fc.assert(
    fc.property(fc.array(cue), (recording) => {
      const written = formatRecording(recording)
      expect(parseRecording(written)).toEqual(recording)
      expect(formatRecording(parseRecording(written))).toBe(written)
    }),
    // A line of an event stream goes on over what JavaScript takes for the end of one.
    { numRuns, examples: [[[{ at: 0, raw: '\u2028\n' }]]] },
  )
})

test('what is written is a stream of the same events', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ at, raw: block })), (recording) => {
      const stream = recording.map(({ raw }) => raw).join('')
      expect(eventsOf(formatRecording(recording))).toEqual(eventsOf(stream))
    }),
    { numRuns },
  )
})

test('a stream is recorded byte by byte, however it is cut, and played as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), async (pieces) => {
      const events = fakeEventServer('/events')
      const original = recordUntilTheEnd(events)
      await events.connected()
      await events.sendChunks(pieces)
      await events.end()
      const recording = await original
      expect(bytesOf(recording)).toBe(`\n${pieces.join('')}`)

      const again = recordUntilTheEnd(events)
      await events.connected()
      await events.play(recording.slice(1))
      expect(bytesOf(await again)).toBe(bytesOf(recording))
    }),
    { numRuns: rounds(50, 2_000) },
  )
})

function recordUntilTheEnd(events: ReturnType<typeof fakeEventServer>): Promise<Recording> {
  return record('http://localhost/events', { fetch: events.fetch, clock: manualClock() })
}

function bytesOf(recording: Recording): string {
  return recording.map((one) => ('raw' in one ? one.raw : '')).join('')
}

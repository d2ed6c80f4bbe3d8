import { encodeEvent } from '@millrace/server'
import { createParser } from 'eventsource-parser'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

interface Parsed {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly data: string
}

// Feeds the wire in pieces: the cuts fall anywhere, between a CR and its LF too.
function parse(wire: string, cuts: readonly number[]): Parsed[] {
  const parsed: Parsed[] = []
  const parser = createParser({
    onEvent: ({ id, event, data }) => parsed.push({ id, event, data }),
    onError: (error) => {
      throw error
    },
  })
  const edges = [0, ...cuts.map((cut) => cut % (wire.length + 1)), wire.length]
  const places = edges.toSorted((a, b) => a - b)
  for (const [index, place] of places.entries()) parser.feed(wire.slice(place, places[index + 1]))
  return parsed
}

const lineEnds = fc.constantFrom('\n', '\r', '\r\n', ' ', ':', 'data: ', '')
const text = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme' }), lineEnds), { maxLength: 8 })
  .map((parts) => parts.join(''))
const word = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .map((value) => value.replace(/[\r\n\0]/g, ''))
  .filter((value) => value !== '')

const event = fc.record(
  { data: text, event: word, id: word, comment: text, retry: fc.nat() },
  { requiredKeys: ['data'] },
)

const seen = (value: string): string => value.replace(/\r\n|\r/g, '\n')

test('what is encoded is what a client parses, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat()),
      (events, cuts) => {
        const wire = events.map((one) => encodeEvent(one)).join('')
        expect(parse(wire, cuts)).toEqual(
          events.map(({ id, event, data }) => ({ id, event, data: seen(data) })),
        )
      },
    ),
  )
})

test('any JSON value is what a client gets back', () => {
  fc.assert(
    fc.property(
      fc.jsonValue().filter((value) => typeof value !== 'string'),
      (data) => {
        const [parsed] = parse(encodeEvent({ data }), [])
        expect(parsed?.data).toBe(JSON.stringify(data))
      },
    ),
  )
})

test('no type and no id breaks out of its line', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom('\r', '\n', '\0'),
      fc.string(),
      (before, sign, after) => {
        const value = before + sign + after
        expect(() => encodeEvent({ event: value, data: '' })).toThrow(/^Cannot send the event/)
        expect(() => encodeEvent({ id: value, data: '' })).toThrow(/^Cannot send the event/)
      },
    ),
  )
})

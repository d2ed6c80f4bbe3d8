import * as fc from 'fast-check'

/** The types that occur, beside `message`: a native `EventSource` hears what it was told to listen to. */
export const nastyTypes: readonly string[] = ['tick', 'a b', ' tick', 'tock:', 'ï', '\ufffd']

const MARK = '\xef\xbb\xbf'

// A byte per character, as the wire takes them.
const utf8 = (text: string) => String.fromCharCode(...new TextEncoder().encode(text))

const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r')
const separator = fc.constantFrom(': ', ': ', ':', ':  ', '', ' : ', '\t:')
const field = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('data', 'data', 'event', 'id', 'retry', '') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Data', ' data', 'dat', 'datax', 'ID', 'i', 'Event', 'retry ', 'x'),
  },
)
const scrap = fc.oneof(
  fc.constantFrom('', 'a', ' ', ':', 'data: x', '0', '\0', utf8('€'), utf8('𝄞')),
  // A byte order mark where it is none, and bytes that are no UTF-8, or not the whole of it.
  fc.constantFrom(MARK, '\xef\xbb', '\xff', '\xe2\x82', '\xc0\xaf', '\xed\xa0\x80', utf8('ï»¿')),
)
const text = fc.array(scrap, { maxLength: 4 }).map((scraps) => scraps.join(''))
// Short, so that a browser that obeys them does not keep its test waiting.
const retry = fc.constantFrom('0', '1', '007', '20', '', '-1', '1.5', ' 3', utf8('٣'))
const type = fc.constantFrom(...nastyTypes.map(utf8), 'message', '')

const line = fc
  .tuple(field, separator)
  .chain(([name, separator]) =>
    (name === 'retry' ? retry : name === 'event' ? type : text).map(
      (value) => name + separator + value,
    ),
  )
const lines = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 3, arbitrary: line }, { weight: 1, arbitrary: fc.constant('') }),
      lineEnd,
    ),
    {
      maxLength: 16,
    },
  )
  .map((lines) => lines.flat().join(''))
const start = fc.constantFrom('', '', MARK, MARK + MARK, '\xef', '\xef\xbb', utf8('ï»¿'), utf8('ï'))
const end = fc.constantFrom('', '\n\n', '\r', 'id: unfinished', 'data: unfinished\n', '\xe2')

/** A stream in pieces, a byte per character: every rule there is about streams, as hard as can be made. */
export const nastyStream: fc.Arbitrary<readonly string[]> = fc
  .tuple(start, lines, end, fc.array(fc.nat(), { maxLength: 6 }))
  .map(([start, lines, end, cuts]) => pieces(start + lines + end, cuts))

function pieces(stream: string, cuts: readonly number[]): string[] {
  const places = cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b)
  return [0, ...places].map((place, index) => stream.slice(place, places[index]))
}

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (character) => character.charCodeAt(0))

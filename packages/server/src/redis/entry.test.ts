import { expect, test } from 'vitest'
import { encodeMessage, isAfter, parseRange, parseRead, toLogEntry } from './entry.ts'

const message = { channels: ['a'], event: { data: '1' } }
const raw = ['1700-7', ['k', 'mark', 'b', 'batch', 'm', encodeMessage(message)]]
const entry = { id: '1700-7', n: 7, time: 1700, position: 'mark-7', message }

test.each([
  ['a list of pairs', [['key', [raw]]]],
  ['a map', { key: [raw] }],
])('what XREAD answers is read from %s', (_, reply) => {
  expect(parseRead(reply)).toEqual([entry])
})

test('where nothing came, nothing is read', () => {
  expect(parseRead(null)).toEqual([])
  expect(parseRange([])).toEqual([])
})

test('bytes are read as text', () => {
  const bytes = [Buffer.from('1700-7'), (raw[1] as string[]).map((text) => Buffer.from(text))]
  expect(parseRange([bytes])).toEqual([entry])
})

test('an entry of another make is refused', () => {
  expect(() => parseRange([['1-0', ['foo', 'bar']]])).toThrow(
    /^it holds the entry 1-0, which is not of this library/,
  )
})

test('an event has the id of its publisher, else its position, else none', () => {
  const own = { ...entry, message: { channels: [], event: { id: 'own' } } }
  expect(toLogEntry(own, 'auto')?.event.id).toBe('own')
  expect(toLogEntry(entry, 'auto')).toEqual({
    position: 'mark-7',
    time: 1700,
    channels: ['a'],
    event: { id: 'mark-7', data: '1' },
  })
  expect(toLogEntry(entry, 'manual')?.event.id).toBeUndefined()
  expect(toLogEntry({ ...entry, message: undefined }, 'auto')).toBeUndefined()
})

test.each([
  ['2-0', '1-9', true],
  ['1-10', '1-9', true],
  ['1-9', '1-9', false],
  ['1-9', '2-0', false],
])('%s is after %s: %s', (id, other, after) => {
  expect(isAfter(id, other)).toBe(after)
})

import { expect, test } from 'vitest'
import { createEventParser } from './event-parser.ts'

/** A parser, and what it tells. */
function parser(maxEventSize: number) {
  const told: unknown[][] = []
  const { feed } = createEventParser({
    maxEventSize,
    onEvent: ({ event, data }) =>
      told.push(['event', data, ...(event === undefined ? [] : [event])]),
    onId: (id) => told.push(['id', id]),
    onRetry: (delay) => told.push(['retry', delay]),
    onComment: () => {},
    onExcess: (size) => told.push(['excess', size]),
  })
  return { feed, told }
}

/** What is told of these texts. */
function parse(texts: Iterable<string>, maxEventSize: number): unknown[][] {
  const { feed, told } = parser(maxEventSize)
  for (const text of texts) feed(text)
  return told
}

const large = (characters: number) => `data: ${'x'.repeat(characters - 'data: '.length)}\n`

test('an event of the largest size is read, one that is larger by a character is not', () => {
  expect(parse([`${large(50)}\n`], 50)).toEqual([['event', 'x'.repeat(44)]])
  expect(parse([`${large(51)}\n`], 50)).toEqual([['excess', 51]])
  expect(parse([`${large(42)}event: a\n\n`], 50)).toEqual([['event', 'x'.repeat(36), 'a']])
  expect(parse([`${large(43)}event: a\n\n`], 50)).toEqual([['excess', 51]])
})

test('line ends and comments are no part of the size', () => {
  const lines = 'data:\r\n'.repeat(10)
  const comments = ': comment\n'.repeat(100)
  expect(parse([comments, lines, comments, '\r\n'], 50)).toEqual([['event', '\n'.repeat(9)]])
  expect(parse([comments, lines, comments, 'a\r\n\r\n'], 50)).toEqual([['excess', 51]])
})

test('blocks without data are no part of the next', () => {
  const blocks = 'event: tick\n\n: comment\n\nretry: 1\n\n'.repeat(10)
  expect(parse([blocks, `${large(50)}\n`], 50).at(-1)).toEqual(['event', 'x'.repeat(44)])
})

test('the id of a large event counts, wherever it stands', () => {
  expect(parse([`id: 1\n${large(60)}\n`], 50)).toEqual([
    ['excess', 65],
    ['id', '1'],
  ])
  expect(parse([`${large(60)}id: 1\n\n`], 50)).toEqual([
    ['excess', 60],
    ['id', '1'],
  ])
  expect(parse([`id: 1\n${large(60)}id: 2\n\n`], 50).at(-1)).toEqual(['id', '2'])
})

test('the id of a large event is held to the same rules', () => {
  expect(parse([`id: 1\n${large(60)}id: \0\n\n`], 50).at(-1)).toEqual(['id', '1'])
  expect(parse([`id: 1\n${large(60)}id\n\n`], 50).at(-1)).toEqual(['id', ''])
  expect(parse([`${large(60)}Id: 1\n\n`], 50)).toEqual([['excess', 60]])
  expect(parse([`id: 1\n${large(60)}`], 50)).toEqual([['excess', 65]])
})

test('the line that makes an event too large counts, where it is an id or a retry', () => {
  expect(parse([`${large(48)}id: 1\n\n`], 50).at(-1)).toEqual(['id', '1'])
  expect(parse([large(48), 'id', ': 1', '\n\n'], 50).at(-1)).toEqual(['id', '1'])
  expect(parse([large(48), 'retr', 'y: 1', '\n\n'], 50).at(-1)).toEqual(['retry', 1])
})

test('an id that is too large by itself is ignored', () => {
  const id = '1'.repeat(50)
  expect(parse([`id: ${id}\n\n`], 50)).toEqual([['excess', 54]])
  expect(parse(['id: 1', id, '1\n\n'], 50)).toEqual([['excess', 55]])
  expect(parse([`retry: ${id}\n`], 50)).toEqual([['excess', 57]])
  expect(parse(['retry: 1', id, '\n'], 50)).toEqual([['excess', 58]])
})

test('the retry of a large event counts', () => {
  expect(parse([`retry: 1\n${large(60)}retry: 2\n\n`], 50)).toEqual([
    ['retry', 1],
    ['excess', 68],
    ['retry', 2],
  ])
})

test('what follows a large event is as if that had had no data', () => {
  const body = `event: tick\n${large(60)}event: tock\ndata: more\n\ndata: next\n\n`
  expect(parse([body], 50)).toEqual([
    ['excess', 71],
    ['event', 'next'],
  ])
})

test('large events are left out each by itself', () => {
  const body = `${large(60)}\ndata: 1\n\n${large(70)}\n${large(80)}\ndata: 2\n\n`
  expect(parse([body], 50)).toEqual([
    ['excess', 60],
    ['event', '1'],
    ['excess', 70],
    ['excess', 80],
    ['event', '2'],
  ])
})

test('a large event may come character by character', () => {
  const body = `id: 1\r\n${large(60)}id: 2\r\n\r\ndata: next\r\r`
  expect(parse(body, 50)).toEqual([
    ['excess', 51],
    ['id', '2'],
    ['event', 'next'],
  ])
})

test('a line end in pieces ends one line, an empty piece between them or not', () => {
  const half = large(60).replace('\n', '\r')
  expect(parse([half, '\n', 'data: more\n\n'], 50)).toEqual([['excess', 60]])
  expect(parse([half, '', '\n', 'data: more\n\n'], 50)).toEqual([['excess', 60]])
})

test('what is too large may begin in the text in which an event ends', () => {
  const texts = [
    `data: 1\n\n${large(30)}`,
    `event: ${'x'.repeat(13)}\n`,
    'event: tick\n\n',
    'data: 2\n\n',
  ]
  expect(parse(texts, 61)).toHaveLength(3)
  expect(parse(texts, 60)).toEqual([
    ['event', '1'],
    ['excess', 61],
    ['event', '2'],
  ])
})

test('what only looks like a byte order mark is none', () => {
  expect(parse(['ï»¿data: 1\n\ndata: 2\n\n'], 50)).toEqual([['event', '2']])
  expect(parse(['', '\uFEFF', 'data: 1\n\n'], 50)).toEqual([['event', '1']])
  expect(parse(['\uFEFF\uFEFFdata: 1\n\ndata: 2\n\n'], 50)).toEqual([['event', '2']])
})

test('a stream that says for long nothing but comments is read on', () => {
  const comments = Array.from({ length: 5_000 }, () => ':\n')
  expect(parse([...comments, ...comments, 'data: 1\n\n'], 100)).toEqual([['event', '1']])
})

test.each(['\n', '\r\n'])(
  'after many small events, one may still be of the largest size',
  (end) => {
    const small = `data: 1${end}${end}`.repeat(6)
    const told = parse(
      [small, `data: ${'x'.repeat(42)}`, `xx${end}${end}`, `${small}${large(51)}${end}${end}`],
      50,
    )
    expect(told.filter(([what, data]) => what === 'excess' || data !== '1')).toEqual([
      ['event', 'x'.repeat(44)],
      ['excess', 51],
    ])
  },
)

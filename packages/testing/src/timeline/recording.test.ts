import { expect, test } from 'vitest'
import { formatRecording, parseRecording } from './recording.ts'
import type { Recording } from './recording.ts'

test('a recording is the stream itself, with the times in comments', () => {
  const recording: Recording = [
    { at: 0, raw: ': connected\n\n' },
    { at: 120, raw: 'id: 1\nevent: tick\ndata: {"price":42}\n\n' },
    { at: 1_500, raw: 'data: ha' },
    { at: 1_500, drop: true },
  ]
  const text = [
    ': at 0\n: connected\n\n',
    ': at 120\nid: 1\nevent: tick\ndata: {"price":42}\n\n',
    ': at 1500 raw "data: ha"\n\n',
    ': at 1500 drop\n\n',
  ].join('')
  expect(formatRecording(recording)).toBe(text)
  expect(parseRecording(text)).toEqual(recording)
})

test('any event stream is a recording: what says no time comes with what is before it', () => {
  expect(parseRecording('data: a\n\n: at 5\r\ndata: b\r\n\r\ndata: c\n\n: at 7 end')).toEqual([
    { at: 0, raw: 'data: a\n\n' },
    { at: 5, raw: 'data: b\r\n\r\n' },
    { at: 5, raw: 'data: c\n\n' },
    { at: 7, end: true },
  ])
})

test('an event whose last empty line an editor has taken away is whole', () => {
  for (const tail of ['', '\n']) {
    expect(parseRecording(`: at 5\ndata: a${tail}`)).toEqual([{ at: 5, raw: 'data: a\n\n' }])
  }
})

test('what is no text in quotes, or no time, is an error', () => {
  expect(() => parseRecording(': at 5 raw hello\n\n')).toThrow(
    /^Cannot read the recording: ": at 5 raw hello" has no text in quotes/,
  )
  expect(() => formatRecording([{ at: -1, raw: 'data: a\n\n' }])).toThrow(
    'Cannot format a recording: something is at -1. Give milliseconds from 0 up.',
  )
})

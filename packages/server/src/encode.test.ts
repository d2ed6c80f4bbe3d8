import { expect, test } from 'vitest'
import { encodeEvent } from './encode.ts'
import { EventServerError } from './error.ts'

test.each([
  ['text', { data: 'hello' }, 'data: hello\n\n'],
  [
    'all fields',
    { id: '7', event: 'tick', retry: 50, data: 'x' },
    'id: 7\nevent: tick\nretry: 50\ndata: x\n\n',
  ],
  ['CR, LF and CRLF as lines', { data: 'a\rb\nc\r\nd' }, 'data: a\ndata: b\ndata: c\ndata: d\n\n'],
  ['blank lines', { data: '\na\n\n' }, 'data: \ndata: a\ndata: \ndata: \n\n'],
  ['data that starts with a colon', { data: ': x' }, 'data: : x\n\n'],
  ['data that starts with a space', { data: ' x' }, 'data:  x\n\n'],
  ['empty data', { data: '' }, 'data: \n\n'],
  ['objects as JSON', { data: { price: 1 } }, 'data: {"price":1}\n\n'],
  ['null, numbers and booleans as JSON', { data: null }, 'data: null\n\n'],
  ['a type without data as an event', { event: 'ping' }, 'event: ping\ndata: \n\n'],
  ['an id alone, which moves the cursor', { id: '7' }, 'id: 7\n\n'],
  ['an empty id, which clears the cursor', { id: '', data: 'x' }, 'id: \ndata: x\n\n'],
  ['comments of several lines', { comment: 'a\nb' }, ': a\n: b\n\n'],
  ['retry 0', { retry: 0 }, 'retry: 0\n\n'],
  ['nothing', {}, ''],
])('encodes %s', (_, event, wire) => {
  expect(encodeEvent(event)).toBe(wire)
})

test.each([
  ['a line feed in the type', { event: 'a\nb' }],
  ['a carriage return in the type', { event: 'a\rb' }],
  ['a line feed in the id', { id: 'a\ndata: injected' }],
  ['a NUL in the id', { id: 'a\0b' }],
  ['an id that is no string', { id: 7 as unknown as string }],
  ['a comment that is no string', { comment: 5 as unknown as string }],
  ['a negative retry', { retry: -1 }],
  ['a broken retry', { retry: 1.5 }],
  ['data without a JSON form', { data: () => {} }],
  ['data that goes in circles', { data: circle() }],
])('refuses %s', (_, event) => {
  expect(() => encodeEvent(event)).toThrow(EventServerError)
  expect(() => encodeEvent(event)).toThrow(/^Cannot send the event: its \w+ .+: .+\. \w.+\.$/s)
})

function circle(): object {
  const knot: Record<string, unknown> = {}
  knot['self'] = knot
  return knot
}

import { expect, test } from 'vitest'
import { cursorOf } from './cursor.ts'

const request = (path: string, cursor?: string): Request =>
  new Request(
    `http://localhost${path}`,
    cursor === undefined ? {} : { headers: { 'last-event-id': cursor } },
  )

test('the header wins over the query', () => {
  expect(cursorOf(request('/?lastEventId=1', '2'), 'lastEventId')).toBe('2')
})

test('the query is read where there is no header', () => {
  expect(cursorOf(request('/?since=1'), 'since')).toBe('1')
})

test('an empty cursor is none', () => {
  expect(cursorOf(request('/?lastEventId=', ''), 'lastEventId')).toBeUndefined()
})

test('a header is read as UTF-8, which is how browsers send it', () => {
  const bytes = new TextEncoder().encode('grüße@1')
  const header = String.fromCharCode(...bytes)
  expect(cursorOf(request('/', header), 'lastEventId')).toBe('grüße@1')
})

test('a header that is no UTF-8 is kept as it is', () => {
  expect(cursorOf(request('/', 'gr\u00fc'), 'lastEventId')).toBe('gr\u00fc')
})

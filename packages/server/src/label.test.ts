import { expect, test } from 'vitest'
import { labelFor, stripLabel } from './label.ts'

test('a session with one channel gets its events bare', () => {
  expect(labelFor(['pets'], ['pets'], 'auto')).toBeUndefined()
})

test('a parent learns which child it was', () => {
  expect(labelFor(['pets'], ['pets/dogs'], 'auto')).toBe('pets/dogs')
})

test('a session with several channels learns which of its own were published to', () => {
  expect(labelFor(['a', 'b'], ['b', 'c', 'a'], 'auto')).toBe('b,a')
})

test('a broadcast has an empty label where labels are needed', () => {
  expect(labelFor(['a', 'b'], [], 'auto')).toBe('')
  expect(labelFor(['/'], [], 'auto')).toBe('')
  expect(labelFor(['a'], [], 'auto')).toBeUndefined()
})

test('labels can be forced either way', () => {
  expect(labelFor(['a'], ['a'], true)).toBe('a')
  expect(labelFor(['a', 'b'], ['a'], false)).toBeUndefined()
})

test('signs that mean something are encoded', () => {
  expect(labelFor(['/'], ['a@b,c%d'], 'auto')).toBe('a%40b%2Cc%25d')
})

test.each([
  ['17', '17'],
  ['pets/dogs@17', '17'],
  ['@17', '17'],
  ['a@b@c', 'b@c'],
])('the id of %j is %j', (cursor, id) => {
  expect(stripLabel(cursor)).toBe(id)
})

import { expect, test } from 'vitest'
import { labelFor, parseLabel, stripLabel } from './label.ts'
import type { Labels } from './label.ts'

const label = (own: string[], published: string[], labels: Labels, id = '17'): string | undefined =>
  labelFor({ own, published, id, labels })

test('a session with one channel gets its events bare', () => {
  expect(label(['pets'], ['pets'], 'auto')).toBeUndefined()
})

test('a parent learns which child it was', () => {
  expect(label(['pets'], ['pets/dogs'], 'auto')).toBe('pets/dogs')
})

test('a session with several channels learns which of its own were published to', () => {
  expect(label(['a', 'b'], ['b', 'c', 'a'], 'auto')).toBe('b,a')
})

test('a broadcast has an empty label where labels are needed', () => {
  expect(label(['a', 'b'], [], 'auto')).toBe('')
  expect(label(['/'], [], 'auto')).toBe('')
  expect(label(['a'], [], 'auto')).toBeUndefined()
})

test('labels can be forced either way', () => {
  expect(label(['a'], ['a'], true)).toBe('a')
  expect(label(['a', 'b'], ['a'], false)).toBeUndefined()
})

test('signs that mean something are encoded', () => {
  expect(label(['/'], ['a@b,c%d'], 'auto')).toBe('a%40b%2Cc%25d')
})

test.each([
  ['17', '17'],
  ['pets/dogs@17', '17'],
  ['@17', '17'],
  ['a@b@c', 'b@c'],
])('the id of %j is %j', (cursor, id) => {
  expect(stripLabel(cursor)).toBe(id)
})

test('an id with an @ of its own is labelled, so that nothing of it passes for a label', () => {
  expect(label(['a'], ['a'], 'auto', 'ada@home')).toBe('a')
  expect(label(['a'], [], 'auto', 'ada@home')).toBe('')
  expect(label(['a'], ['a'], false, 'ada@home')).toBeUndefined()
})

test.each([
  ['17', undefined, '17'],
  ['@17', [], '17'],
  ['a%40b%2Cc%25d,e@1@2', ['a@b,c%d', 'e'], '1@2'],
])('the cursor %j has the label %j and the id %j', (cursor, named, id) => {
  expect(parseLabel(cursor)).toEqual({ label: named, id })
})

import { expect, test } from 'vitest'
import { ancestors, covering, isBelow, parseChannel } from './channel-name.ts'

test('a name has one form: a slash at either end says nothing', () => {
  expect(
    ['pets/dogs', '/pets/dogs', 'pets/dogs/', '/pets/dogs/'].map((name) => parseChannel(name)),
  ).toEqual(Array.from({ length: 4 }, () => 'pets/dogs'))
  expect(parseChannel('dogs', 'pets')).toBe('pets/dogs')
  expect(parseChannel('Zürich, 5 @ noon % more?')).toBe('Zürich, 5 @ noon % more?')
})

test.each([
  ['', 'it is empty'],
  ['/', 'it is empty'],
  ['//', 'it is empty'],
  ['a//b', 'it has an empty segment'],
  ['//a', 'it has an empty segment'],
  ['a\nb', 'it has control characters'],
  ['a\u0000', 'it has control characters'],
  ['x'.repeat(257), 'it is longer than 256 characters'],
  [7 as unknown as string, 'it is not a string'],
])('%j is no name: %s', (name, because) => {
  expect(() => parseChannel(name)).toThrow(because)
})

test('what is below a parent is no longer than any other', () => {
  expect(() => parseChannel('x'.repeat(200), 'y'.repeat(100))).toThrow('longer than 256')
})

test('parents are by whole segments, nearest first', () => {
  expect(ancestors('a/b/c')).toEqual(['a/b', 'a'])
  expect(ancestors('a')).toEqual([])
  expect(ancestors('/a/b')).toEqual(['/a'])
  expect(isBelow('pets/dogs', 'pets')).toBe(true)
  expect(isBelow('petshop', 'pets')).toBe(false)
  expect(isBelow('pets', 'pets')).toBe(false)
  expect([isBelow('pets', ''), isBelow('', '')]).toEqual([true, false])
})

test('a parent covers its children, and no others', () => {
  expect(covering(['petshop', 'pets', 'pets/dogs', 'pets', 'a/b/c', 'a'])).toEqual([
    'a',
    'pets',
    'petshop',
  ])
})

import { expect, test } from 'vitest'
import {
  byPath,
  byQuery,
  covers,
  intersectChannels,
  lineage,
  minimalChannels,
  parseChannel,
} from './channel.ts'

test.each([
  ['pets/dogs', 'pets/dogs'],
  ['/pets/dogs/', 'pets/dogs'],
  ['/', '/'],
  ['eur/usd', 'eur/usd'],
  ['Grüße', 'Grüße'],
])('%j is the channel %j', (name, channel) => {
  expect(parseChannel(name)).toBe(channel)
})

test.each(['', '//', '///', 'a//b', 'a\nb', 'x'.repeat(257)])('%j is no channel', (name) => {
  expect(() => parseChannel(name)).toThrow(/^Cannot use .+ as a channel: .+\. Name it/)
})

test('a parent covers whole segments only', () => {
  expect(covers('pets', 'pets')).toBe(true)
  expect(covers('pets', 'pets/dogs')).toBe(true)
  expect(covers('pets', 'petshop')).toBe(false)
  expect(covers('pets/dogs', 'pets')).toBe(false)
  expect(covers('/', 'anything')).toBe(true)
})

test('a lineage goes from the root down', () => {
  expect(lineage('a/b/c')).toEqual(['/', 'a', 'a/b', 'a/b/c'])
  expect(lineage('/')).toEqual(['/'])
})

test('a child beside its parent is left out', () => {
  expect(minimalChannels(['pets/dogs', 'cars', 'pets', 'cars'])).toEqual(['cars', 'pets'])
  expect(minimalChannels(['a', '/', 'a/b'])).toEqual(['/'])
})

test.each([
  [['pets'], ['pets/dogs'], ['pets/dogs']],
  [['pets/dogs'], ['pets'], ['pets/dogs']],
  [['pets'], ['/'], ['pets']],
  [['/'], ['pets', 'cars'], ['cars', 'pets']],
  [['pets'], ['petshop'], []],
  [
    ['a', 'b'],
    ['b/c', 'a'],
    ['a', 'b/c'],
  ],
])('asked %j and granted %j is %j', (asked, granted, both) => {
  expect(intersectChannels(asked, granted)).toEqual(both)
})

test('channels come from a repeated query parameter', () => {
  const request = new Request('http://localhost/?topic=a&topic=b%2Fc&topic=')
  expect(byQuery('topic')(request)).toEqual(['a', 'b/c'])
})

test.each([
  ['/subscribe/pets/dogs', ['pets/dogs']],
  ['/subscribe/pets/', ['pets']],
  ['/subscribe/a%20b', ['a b']],
  ['/subscribe/', []],
  ['/subscribe', []],
  ['/subscribers/x', []],
])('the path %s names %j', (path, channels) => {
  expect(byPath('/subscribe')(new Request(`http://localhost${path}`))).toEqual(channels)
})

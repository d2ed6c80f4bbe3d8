import { expect, test } from 'vitest'
import { ancestors, covering, multiplex, queryChannel } from './channel.ts'

const url = new URL('https://example.test/events?a=1')
const event = (id: string | undefined) => ({ type: 'x', data: '', lastEventId: id ?? '', id })

test('a channel is a query parameter of its own', () => {
  expect(queryChannel().url(url, ['pets/dogs']).href).toBe(
    'https://example.test/events?a=1&channel=pets%2Fdogs',
  )
  expect(queryChannel('topic').url(url, ['news']).search).toBe('?a=1&topic=news')
})

test('many channels are one request, in one order, each once, children left to their parents', () => {
  const scheme = multiplex()
  expect(scheme.url(url, ['b', 'a', 'a/x', 'b']).search).toBe('?a=1&channel=a&channel=b')
  expect(scheme.url(new URL('https://example.test/?channel=a'), ['a']).search).toBe('?channel=a')
})

test('a parent covers whole segments only', () => {
  expect(covering(['pets', 'petshop', 'pets/dogs'])).toEqual(['pets', 'petshop'])
  expect(ancestors('a/b/c')).toEqual(['a/b', 'a'])
})

const asked = 'https://example.test/?channel=a&channel=b'
const one = 'https://example.test/?channel=pets'

test('the label of an id is its channels', () => {
  const { channelsOf } = multiplex()
  expect(channelsOf(event('pets/dogs@17'), one)).toEqual(['pets/dogs'])
  expect(channelsOf(event('a,b@1'), asked)).toEqual(['a', 'b'])
  expect(channelsOf(event('a%2Cb%40c@1@2'), asked)).toEqual(['a,b@c'])
  expect(channelsOf(event('100%@1'), asked)).toEqual(['100%'])
})

test('an empty label is for everyone', () => {
  expect(multiplex().channelsOf(event('@17'), one)).toEqual([])
})

test('without a label an event is of the only channel asked for, or for everyone', () => {
  for (const { channelsOf } of [multiplex(), queryChannel()]) {
    expect(channelsOf(event('17'), one)).toEqual(['pets'])
    expect(channelsOf(event('17'), asked)).toEqual([])
    expect(channelsOf(event(undefined), one)).toEqual(['pets'])
    expect(channelsOf({ ...event(undefined), lastEventId: 'a@17' }, asked)).toEqual([])
  }
})

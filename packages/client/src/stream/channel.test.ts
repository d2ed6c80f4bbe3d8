import { expect, test } from 'vitest'
import { multiplex, pathChannel, queryChannel } from './channel.ts'

const url = new URL('https://example.test/events?a=1')
const event = (id: string | undefined) => ({ type: 'x', data: '', lastEventId: id ?? '', id })

test('a channel is a query parameter of its own', () => {
  expect(queryChannel().url(url, ['pets/dogs'], []).href).toBe(
    'https://example.test/events?a=1&channel=pets%2Fdogs',
  )
  expect(queryChannel('topic').url(url, ['news'], []).search).toBe('?a=1&topic=news')
})

test.each([
  ['https://example.test/subscribe', 'https://example.test/subscribe/pets/dogs'],
  ['https://example.test/subscribe/', 'https://example.test/subscribe/pets/dogs'],
  ['https://example.test', 'https://example.test/pets/dogs'],
  ['https://example.test/s?a=1&b=%20', 'https://example.test/s/pets/dogs?a=1&b=%20'],
])('a channel is the end of the path of %s', (base, expected) => {
  expect(pathChannel().url(new URL(base), ['pets/dogs'], []).href).toBe(expected)
})

test('the segments of a path are encoded, and a step to somewhere else is none', () => {
  const path = (channel: string) => pathChannel().url(new URL('https://a.test/s'), [channel], [])
  const { pathname } = path('Zürich?/a%2Fb/#1/\ud800')
  expect(pathname).toBe('/s/Z%C3%BCrich%3F/a%252Fb/%231/%EF%BF%BD')
  expect(decodeURIComponent(path('Zürich?/a%2Fb/#1').pathname)).toBe('/s/Zürich?/a%2Fb/#1')
  for (const channel of ['..', 'pets/../admin', '.', './pets']) {
    expect(() => path(channel)).toThrow(`Cannot read channel "${channel}" by path`)
  }
  expect(path('...').pathname).toBe('/s/...')
  expect(path('%2e%2e').pathname).toBe('/s/%252e%252e')
})

test('many channels are one request, in one order, each once, children left to their parents', () => {
  const scheme = multiplex()
  expect(scheme.url(url, ['b', 'a', 'a/x', 'b'], []).search).toBe('?a=1&channel=a&channel=b')
  expect(scheme.url(new URL('https://example.test/?channel=a'), ['a'], []).search).toBe(
    '?channel=a',
  )
  expect(scheme.url(url, ['a', 'b'], ['b']).search).toBe('?a=1&channel=a&channel=b&added=b')
})

test('equal arguments are one scheme', () => {
  const channelOf = () => 'a'
  expect(multiplex()).toBe(multiplex({ param: 'channel' }))
  expect(multiplex({ channelOf })).toBe(multiplex({ channelOf }))
  expect(multiplex({ channelOf })).not.toBe(multiplex())
  expect(multiplex({ cursorParam: false })).not.toBe(multiplex())
})

const asked = 'https://example.test/?channel=a&channel=b'
const one = 'https://example.test/?channel=pets'

test('the label of an id is its channels', () => {
  for (const { channelsOf } of [multiplex(), queryChannel(), pathChannel()]) {
    expect(channelsOf(event('pets/dogs@17'), one)).toEqual(['pets/dogs'])
    expect(channelsOf(event('a,b@1'), asked)).toEqual(['a', 'b'])
    expect(channelsOf(event('a%2Cb%40c@1@2'), asked)).toEqual(['a,b@c'])
    expect(channelsOf(event('100%@1'), asked)).toEqual(['100%'])
  }
})

test('an empty label is for everyone', () => {
  expect(multiplex().channelsOf(event('@17'), one)).toEqual([])
})

test('without a label an event is of the only channel asked for; of several, for everyone', () => {
  for (const { channelsOf } of [multiplex(), queryChannel()]) {
    expect(channelsOf(event('17'), one)).toEqual(['pets'])
    expect(channelsOf(event('17'), asked)).toEqual([])
    expect(channelsOf(event(undefined), one)).toEqual(['pets'])
    expect(channelsOf({ ...event(undefined), lastEventId: 'a@17' }, asked)).toEqual([])
    expect(channelsOf(event('17'), 'https://example.test/')).toBeUndefined()
  }
  expect(pathChannel().channelsOf(event('17'), one)).toBeUndefined()
})

test('your own way to tell a channel comes first, and leaves to the others what it does not know', () => {
  const channelOf = ({ data }: { readonly data: string }) =>
    data === '' ? undefined : data.split(' ')
  for (const scheme of [
    multiplex({ channelOf }),
    queryChannel('channel', { channelOf }),
    pathChannel({ channelOf }),
  ]) {
    const tell = (data: string, id?: string) => scheme.channelsOf({ ...event(id), data }, one)
    expect(tell('a b', 'c@1')).toEqual(['a', 'b'])
    expect(tell('', 'c@1')).toEqual(['c'])
  }
  const { channelsOf } = queryChannel('channel', { channelOf: () => 'room/7' })
  expect(channelsOf(event(undefined), one)).toEqual(['room/7'])
})

import './index.ts'
import { expect, test } from 'vitest'
import { fake, listen, resume } from '../listener.test.support.ts'

/** What an expectation says when it fails. */
function wordsOf(expectation: () => void): string {
  try {
    expectation()
  } catch (error) {
    return (error as Error).message
  }
  return 'it does not fail'
}

test('toHaveConnections counts who is connected, and says who is', async () => {
  const events = fake()
  expect(events).toHaveConnections(0)
  listen(events, '?channel=pets')
  const left = new AbortController()
  listen(events, '', { signal: left.signal })
  await events.connected({ count: 2 })
  expect(events).toHaveConnections(2)
  expect(events).toHaveConnections(1, { channel: 'pets/dogs' })
  expect(events).not.toHaveConnections(1)
  left.abort()
  await events.flush()
  expect(wordsOf(() => expect(events).toHaveConnections(2))).toBe(
    'expected /events to have 2 connections, but it has 1: client 1 is connected (pets), client 2 has left',
  )
  expect(wordsOf(() => expect(events).toHaveConnections(0, { channel: 'pets' }))).toBe(
    'expected /events to have 0 connections on channel "pets", but it has 1: client 1 is connected (pets), client 2 has left',
  )
  expect(wordsOf(() => expect(events).not.toHaveConnections(1))).toMatch(
    /^expected \/events not to have 1 connection, but it has 1: /,
  )
})

test('toHaveNoOpenConnections names those that are open', async () => {
  const events = fake()
  expect(events).toHaveNoOpenConnections()
  expect(wordsOf(() => expect(events).not.toHaveNoOpenConnections())).toBe(
    'expected /events to have open connections, but it has none: no request has come',
  )
  listen(events, '?channel=pets')
  await events.connected()
  expect(events).not.toHaveNoOpenConnections()
  expect(wordsOf(() => expect(events).toHaveNoOpenConnections())).toBe(
    'expected /events to have no open connections, but it has 1: client 1 (GET http://localhost/events?channel=pets on pets)',
  )
})

test('toHaveResumedFrom looks at every request, or at one client', async () => {
  const events = fake()
  expect(wordsOf(() => expect(events).toHaveResumedFrom('17'))).toBe(
    'expected /events to have been asked to resume from "17", but requests came: none',
  )
  listen(events)
  resume(events, '17')
  resume(events, 'pets@18')
  const [first, second] = await events.connected({ count: 3 })
  expect(events).toHaveResumedFrom('17')
  expect(events).toHaveResumedFrom('18')
  expect(events).toHaveResumedFrom('pets@18')
  expect(second).toHaveResumedFrom('17')
  expect(first).not.toHaveResumedFrom('17')
  expect(wordsOf(() => expect(events).toHaveResumedFrom('16'))).toBe(
    'expected /events to have been asked to resume from "16", but requests came: client 1 without a cursor, client 2 with "17", client 3 with "pets@18"',
  )
  expect(wordsOf(() => expect(second).not.toHaveResumedFrom('17'))).toBe(
    'expected the client not to have been asked to resume from "17", but requests came: client 2 with "17"',
  )
})

test('toHaveSent finds events in their order, each at least as it is given', async () => {
  const events = fake()
  expect(events).not.toHaveSent()
  listen(events, '?channel=pets')
  await events.send({ event: 'tick', data: { price: 1, size: 2 } })
  await events.channel('pets').send({ data: 'Corgi', id: '7' })
  await events.send({ event: 'tick', data: { price: 2, size: 2 } })
  expect(events).toHaveSent()
  expect(events).toHaveSent({ event: 'tick', data: { price: 1 } }, { data: { price: 2 } })
  expect(events).toHaveSent({ channel: 'pets', id: expect.stringMatching(/\d/) })
  expect(events).not.toHaveSent({ data: { price: 2 } }, { data: { price: 1 } })
  expect(events).not.toHaveSent({ channel: 'pets', data: { price: 1 } })
  expect(wordsOf(() => expect(events).toHaveSent({ data: 'Corgi' }, { data: { price: 3 } }))).toBe(
    [
      'expected /events to have sent:',
      '  {"data": "Corgi"}',
      '  {"data": {"price": 3}}',
      'of which this is missing:',
      '  {"data": {"price": 3}}',
      'but it has sent:',
      '  {"data": {"price": 1, "size": 2}, "event": "tick"}',
      '  {"channel": "pets", "data": "Corgi", "id": "7"}',
      '  {"data": {"price": 2, "size": 2}, "event": "tick"}',
    ].join('\n'),
  )
  expect(wordsOf(() => expect(events).not.toHaveSent({ data: 'Corgi' }))).toMatch(
    /^expected \/events not to have sent:\n {2}\{"data": "Corgi"\}\nbut it has sent:\n/,
  )
  expect(wordsOf(() => expect(fake()).toHaveSent())).toBe(
    'expected /events to have sent anything\nbut it has sent: nothing',
  )
})

test('what is no fake cannot be asked', () => {
  expect(() => expect({}).toHaveConnections(1)).toThrow(
    'Cannot ask toHaveConnections of this: it is no fake event server. Give it what fakeEventServer() has made.',
  )
})

test('the matchers take what they are made for', () => {
  const events = fake()
  // @ts-expect-error -- a number of connections is a number
  expect(() => expect(events).toHaveConnections('1')).toThrow(
    'expected /events to have 1 connections',
  )
  // @ts-expect-error -- an id is text
  expect(() => expect(events).toHaveResumedFrom(17)).toThrow('from "17"')
  // @ts-expect-error -- an event has no such part
  expect(() => expect(events).toHaveSent({ type: 'tick' })).toThrow('to have sent')
})

import { afterEach, expect, test, vi } from 'vitest'
import { addressOf } from './address.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a relative address is of any origin where there is no page', () => {
  const matches = addressOf('/events')
  expect(matches('http://a.test/events')).toBe(true)
  expect(matches('https://b.test:81/events?channel=pets')).toBe(true)
  expect(matches('http://a.test/events/more')).toBe(false)
})

test('a relative address is of the origin of the page', () => {
  vi.stubGlobal('location', new URL('http://page.test/app/'))
  const matches = addressOf('/events')
  expect(matches('http://page.test/events')).toBe(true)
  expect(matches('http://other.test/events')).toBe(false)
  expect(addressOf('events')('http://page.test/app/events')).toBe(true)
})

test('an absolute address is of its origin, default port or not', () => {
  const matches = addressOf('https://a.test:443/events')
  expect(matches('https://a.test/events')).toBe(true)
  expect(matches('http://a.test/events')).toBe(false)
  expect(addressOf(new URL('https://a.test'))('https://a.test/')).toBe(true)
})

test('the query of an address does not matter', () => {
  expect(addressOf('/events?a=1')('http://a.test/events?b=2')).toBe(true)
})

test('a colon stands for a segment, an asterisk for anything', () => {
  expect(addressOf('/subscribe/:name')('http://a.test/subscribe/pets')).toBe(true)
  expect(addressOf('/subscribe/:name')('http://a.test/subscribe/pets/dogs')).toBe(false)
  expect(addressOf('/subscribe/*')('http://a.test/subscribe/pets/dogs')).toBe(true)
  expect(addressOf('*/events')('http://a.test/v1/events')).toBe(true)
  expect(addressOf('http://a.test:8080/a.b/:x')('http://a.test:8080/a.b/1')).toBe(true)
})

test('an address without a scheme is of its host', () => {
  vi.stubGlobal('location', new URL('https://page.test/app/'))
  const matches = addressOf('//cdn.test/events')
  expect(matches('https://cdn.test/events')).toBe(true)
  expect(matches('https://page.test/events')).toBe(false)
  vi.unstubAllGlobals()
  expect(addressOf('//cdn.test/events')('http://a.test/events')).toBe(false)
})

test('a segment with a question mark may be missing', () => {
  const matches = addressOf('/v1/:id?/events')
  expect(matches('http://a.test/v1/events')).toBe(true)
  expect(matches('http://a.test/v1/7/events?channel=pets')).toBe(true)
  expect(matches('http://a.test/v1')).toBe(false)
  expect(addressOf('/v1/:id?channel=pets')('http://a.test/v1/7')).toBe(true)
  expect(addressOf('/v1/:id?channel=pets')('http://a.test/v1')).toBe(false)
})

test('a colon within a segment stands for itself', () => {
  const matches = addressOf('/v1/events:watch')
  expect(matches('http://a.test/v1/events:watch')).toBe(true)
  expect(matches('http://a.test/v1/eventsXYZ')).toBe(false)
})

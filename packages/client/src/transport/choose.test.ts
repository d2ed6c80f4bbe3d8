import { expect, test } from 'vitest'
import { chooseTransport } from './choose.ts'

const plain = {
  url: new URL('https://elsewhere.test/events'),
  origin: 'https://app.test',
  method: 'GET',
  custom: false,
  hasEventSource: true,
}

test('a plain GET to another origin is left to EventSource, which needs no preflight to resume', () => {
  expect(chooseTransport(plain)).toBe('event-source')
})

test('everything else is fetched', () => {
  expect(chooseTransport({ ...plain, url: new URL('https://app.test/events') })).toBe('fetch')
  expect(chooseTransport({ ...plain, method: 'POST' })).toBe('fetch')
  expect(chooseTransport({ ...plain, custom: true })).toBe('fetch')
  expect(chooseTransport({ ...plain, hasEventSource: false })).toBe('fetch')
  expect(chooseTransport({ ...plain, origin: undefined })).toBe('fetch')
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chooseTransport, type TransportChoice } from './choose.ts'
import { fetchTransport } from './fetch.ts'

const elsewhere = new URL('https://elsewhere.test/events')
const choose = (given: Partial<TransportChoice> = {}, url: URL | undefined = elsewhere) =>
  chooseTransport(url, { transport: 'auto', once: false, ...given })

beforeEach(() => {
  vi.stubGlobal('location', new URL('https://app.test/page'))
  vi.stubGlobal('EventSource', EventTarget)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test('a plain GET to another origin is left to EventSource, which needs no preflight to resume', () => {
  expect(choose()).toBe('event-source')
})

test('everything else is fetched', () => {
  expect(choose({}, new URL('https://app.test/events'))).toBe('fetch')
  expect(choose({ once: true })).toBe('fetch')
  expect(choose({ headers: {} })).toBe('fetch')
  expect(choose({ body: 'x' })).toBe('fetch')
  expect(choose({ fetch })).toBe('fetch')
  expect(choose({ channels: { cursorParam: false } })).toBe('fetch')
  expect(chooseTransport(undefined, { transport: 'auto', once: false })).toBe('fetch')
})

test('where there is no EventSource, one that is passed does', () => {
  vi.stubGlobal('EventSource', undefined)
  expect(choose()).toBe('fetch')
  expect(choose({ EventSource: EventTarget as never })).toBe('event-source')
})

test('outside a page nothing is of another origin', () => {
  vi.stubGlobal('location', undefined)
  expect(choose()).toBe('fetch')
})

test('what is named is taken', () => {
  const own = fetchTransport()
  expect(choose({ transport: 'fetch' })).toBe('fetch')
  expect(choose({ transport: 'event-source', once: true })).toBe('event-source')
  expect(choose({ transport: own })).toBe(own)
})

import { expect, test } from 'vitest'
import { defaultRetryPolicy, errorOf, parseRetryAfter, retryDelay, verdict } from './retry.ts'

const none = { serverDelay: undefined, retryAfter: undefined, random: 0 }
const policy = defaultRetryPolicy

test('the delay doubles up to its maximum', () => {
  const delays = [1, 2, 3, 5, 6, 50].map((failures) => retryDelay(policy, { ...none, failures }))
  expect(delays).toEqual([1_000, 2_000, 4_000, 16_000, 30_000, 30_000])
})

test('full jitter takes away up to the whole delay', () => {
  expect(retryDelay(policy, { ...none, failures: 3, random: 0.75 })).toBe(1_000)
})

test('without jitter chance changes nothing', () => {
  const still = { ...policy, jitter: 0 }
  expect(retryDelay(still, { ...none, failures: 1, random: 0.9 })).toBe(1_000)
  expect(retryDelay(still, { ...none, failures: 1, random: 0.9, serverDelay: 500 })).toBe(500)
})

test("to the server's delay jitter only adds", () => {
  const asked = { ...none, serverDelay: 3_000 }
  expect(retryDelay(policy, { ...asked, failures: 1 })).toBe(3_000)
  expect(retryDelay(policy, { ...asked, failures: 1, random: 0.5 })).toBe(4_500)
  expect(retryDelay(policy, { ...asked, failures: 2 })).toBe(6_000)
})

test("the server's delay may be longer than the client's maximum", () => {
  expect(retryDelay(policy, { ...none, serverDelay: 60_000, failures: 4 })).toBe(60_000)
})

test('Retry-After is a floor', () => {
  expect(retryDelay(policy, { ...none, failures: 1, retryAfter: 7_000 })).toBe(7_000)
  expect(retryDelay(policy, { ...none, failures: 5, retryAfter: 7_000 })).toBe(16_000)
})

test('Retry-After is a number of seconds or a date, a date an hour away at the most', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  expect(parseRetryAfter(undefined, now)).toBeUndefined()
  expect(parseRetryAfter('120', now)).toBe(120_000)
  expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000)
  expect(parseRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0)
  expect(parseRetryAfter('Fri, 02 Jan 2026 00:00:00 GMT', now)).toBe(3_600_000)
  expect(parseRetryAfter('soon', now)).toBeUndefined()
})

test('a status decides whether another attempt makes sense', () => {
  const of = (status: number) => verdict({ kind: 'status', status, retryAfter: undefined })
  expect([408, 425, 429, 500, 502, 503, 504].map(of)).toEqual(Array(7).fill('retry'))
  expect([201, 400, 401, 403, 404, 410].map(of)).toEqual(Array(6).fill('refused'))
})

test('status 204 ends, another content type refuses, everything else is tried again', () => {
  expect(verdict({ kind: 'no-content' })).toBe('ended')
  expect(verdict({ kind: 'content-type', contentType: 'text/html' })).toBe('refused')
  expect(verdict({ kind: 'end' })).toBe('retry')
  expect(verdict({ kind: 'network', cause: undefined })).toBe('retry')
  expect(verdict({ kind: 'unknown' })).toBe('retry')
})

test('an error carries its status and its cause', () => {
  const cause = new TypeError('failed')
  expect(errorOf({ kind: 'network', cause })).toMatchObject({ code: 'network', cause })
  expect(errorOf({ kind: 'status', status: 404, retryAfter: undefined })).toMatchObject({
    code: 'status',
    status: 404,
  })
  expect(errorOf({ kind: 'end' })).toBeUndefined()
})

import { expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Outcome } from '../transport/transport.ts'
import {
  decide,
  defaultRetryPolicy,
  noFailures,
  type Circumstances,
  type Decision,
  type RetryPolicy,
} from './retry.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
const network: Outcome = { kind: 'network', cause: undefined }
const status = (code: number, retryAfter?: string): Outcome => ({
  kind: 'status',
  status: code,
  retryAfter,
})

interface Given extends Partial<Circumstances> {
  policy?: Partial<RetryPolicy>
  random?: number
  fresh?: boolean
  once?: boolean
  /** Failures in a row, the one just seen included. */
  failures?: number
}

function after(
  outcome: Outcome,
  { policy = {}, failures = 1, random = 0, fresh = false, once = false, ...given }: Given = {},
): Decision {
  const clock = { ...systemClock, now: () => now, random: () => random }
  return decide(
    outcome,
    { retry: { ...defaultRetryPolicy, ...policy }, clock, fresh, once },
    {
      streak: { ...noFailures, failures: failures - 1 },
      openedAt: undefined,
      heard: false,
      serverDelay: undefined,
      ...given,
    },
  )
}
const delay = (outcome: Outcome, given?: Given) => {
  const decision = after(outcome, given)
  return decision.reason ?? decision.delay
}
const reason = (outcome: Outcome, given?: Given) => after(outcome, given).reason ?? 'retry'

test('the delay doubles up to its maximum', () => {
  const delays = [1, 2, 3, 5, 6, 50].map((failures) => delay(network, { failures }))
  expect(delays).toEqual([1_000, 2_000, 4_000, 16_000, 30_000, 30_000])
})

test('full jitter takes away up to the whole delay', () => {
  expect(delay(network, { failures: 3, random: 0.75 })).toBe(1_000)
})

test('without jitter chance changes nothing', () => {
  const policy = { jitter: 0 }
  expect(delay(network, { policy, random: 0.9 })).toBe(1_000)
  expect(delay(network, { policy, random: 0.9, serverDelay: 500 })).toBe(500)
})

test("to the server's delay jitter only adds", () => {
  expect(delay(network, { serverDelay: 3_000 })).toBe(3_000)
  expect(delay(network, { serverDelay: 3_000, random: 0.5 })).toBe(4_500)
  expect(delay(network, { serverDelay: 3_000, failures: 2 })).toBe(6_000)
})

test("the server's delay may be longer than the client's maximum", () => {
  expect(delay(network, { serverDelay: 60_000, failures: 4 })).toBe(60_000)
})

test('Retry-After is a floor', () => {
  expect(delay(status(503, '7'))).toBe(7_000)
  expect(delay(status(503, '7'), { failures: 5 })).toBe(16_000)
  expect(after(status(503, '7'))).toMatchObject({ floor: 7_000, shortest: 7_000 })
})

test('Retry-After is a number of seconds or a date, a date an hour away at the most', () => {
  const policy = { initialDelay: 0 }
  expect(delay(status(429, '120'), { policy })).toBe(120_000)
  expect(delay(status(429, 'Thu, 01 Jan 2026 00:00:30 GMT'), { policy })).toBe(30_000)
  expect(delay(status(429, 'Wed, 31 Dec 2025 00:00:00 GMT'), { policy })).toBe(1)
  expect(delay(status(429, 'Fri, 02 Jan 2026 00:00:00 GMT'), { policy })).toBe(3_600_000)
  expect(delay(status(429, 'soon'), { policy })).toBe(1)
  expect(delay(status(429, 'Infinity'), { policy })).toBe(1)
})

test('whoever comes may hasten a retry to the first delay, and no further', () => {
  expect(after(network, { failures: 5 })).toMatchObject({ delay: 16_000, shortest: 1_000 })
  expect(after(network, { random: 0.5 })).toMatchObject({ delay: 500, shortest: 500 })
})

test('a status decides whether another attempt makes sense', () => {
  expect([408, 425, 429, 500, 502, 503, 504].map((code) => reason(status(code)))).toEqual(
    Array(7).fill('retry'),
  )
  expect([201, 400, 401, 403, 404, 410].map((code) => reason(status(code)))).toEqual(
    Array(6).fill('refused'),
  )
})

test('status 204 ends, another content type refuses, what is missing here is unsupported', () => {
  expect(reason({ kind: 'no-content' })).toBe('ended')
  expect(reason({ kind: 'content-type', contentType: 'text/html' })).toBe('refused')
  expect(reason({ kind: 'unsupported', need: 'fetch' })).toBe('unsupported')
})

test('everything else is tried again', () => {
  const outcomes: Outcome[] = [
    { kind: 'end' },
    network,
    { kind: 'unknown' },
    { kind: 'silent' },
    { kind: 'request', cause: undefined },
  ]
  expect(outcomes.map((outcome) => reason(outcome))).toEqual(outcomes.map(() => 'retry'))
})

test('what is sent once ends with its clean end, and is interrupted by all that is none', () => {
  const once = { once: true }
  expect(reason({ kind: 'end' }, once)).toBe('ended')
  expect(after(network, once)).toMatchObject({
    reason: 'interrupted',
    error: { code: 'interrupted', cause: { code: 'network' } },
  })
  expect(reason(status(503), once)).toBe('refused')
  expect(reason(network, { once: true, policy: { retryOn: () => true } })).toBe('retry')
})

test('retryOn has the last word, and leaves it to the rules with undefined', () => {
  const policy = {
    retryOn: (outcome: Outcome) =>
      outcome.kind === 'status' && outcome.status === 404
        ? true
        : outcome.kind === 'unknown'
          ? false
          : undefined,
  }
  expect(reason(status(404), { policy })).toBe('retry')
  expect(reason({ kind: 'unknown' }, { policy })).toBe('gave-up')
  expect(reason(status(410), { policy })).toBe('refused')
  expect(reason(network, { policy })).toBe('retry')
})

test('a retryOn that throws is reported, and leaves it to the rules', () => {
  const reported = vi.spyOn(console, 'error').mockReturnValue()
  const policy = {
    retryOn: () => {
      throw new Error('oops')
    },
  }
  expect(reason(network, { policy })).toBe('retry')
  expect(reason(status(404), { policy })).toBe('refused')
  expect(reported).toHaveBeenCalledTimes(2)
  reported.mockRestore()
})

test('a refused token gets one immediate retry, where a function can bring another', () => {
  const first = after(status(401), { fresh: true })
  expect(first).toMatchObject({
    reason: undefined,
    delay: 0,
    streak: { failures: 0, refreshed: true },
  })
  expect(reason(status(401), { fresh: true, streak: first.streak })).toBe('refused')
  expect(reason(status(403), { fresh: false })).toBe('refused')
})

test('after as many retries as are allowed it gives up, and says of which attempt', () => {
  const policy = { maxRetries: 2 }
  expect(reason(network, { policy, failures: 2 })).toBe('retry')
  expect(after(network, { policy, failures: 3 })).toMatchObject({
    reason: 'gave-up',
    error: { code: 'gave-up', attempt: 3, cause: { code: 'network' } },
  })
})

test('no retry is begun later than maxElapsed after the first failure', () => {
  const policy = { maxElapsed: 10_000 }
  const streak = (ago: number) => ({ failures: 1, since: now - ago, refreshed: false })
  expect(reason(network, { policy, streak: streak(8_000) })).toBe('retry')
  expect(reason(network, { policy, streak: streak(8_001) })).toBe('gave-up')
  expect(after(network, { policy }).streak.since).toBe(now)
})

test('failures are forgotten after good service, or a clean end that followed an event', () => {
  const failed = (given: Given) => after({ kind: 'end' }, { failures: 9, ...given }).streak.failures
  expect(failed({ openedAt: now - 9_999 })).toBe(9)
  expect(failed({ openedAt: now - 10_000 })).toBe(1)
  expect(failed({ openedAt: now, heard: true })).toBe(1)
  expect(failed({ openedAt: undefined, heard: true })).toBe(9)
  expect(after(network, { failures: 9, openedAt: now, heard: true }).streak.failures).toBe(9)
})

test('an error carries its status, its cause, which attempt it was, and when the next is due', () => {
  const cause = new TypeError('failed')
  expect(after({ kind: 'network', cause }, { failures: 2 }).error).toMatchObject({
    code: 'network',
    cause,
    attempt: 2,
    retryAt: now + 2_000,
  })
  expect(after(status(404)).error).toMatchObject({
    code: 'status',
    status: 404,
    retryAt: undefined,
  })
  expect(after({ kind: 'end' }).error).toBeUndefined()
})

test('a policy whose numbers are none, in a build that checks no options, hammers no server', () => {
  expect(delay(network, { policy: { initialDelay: NaN } })).toBe(30_000)
  expect(delay(network, { policy: { factor: NaN }, failures: 2 })).toBe(30_000)
})

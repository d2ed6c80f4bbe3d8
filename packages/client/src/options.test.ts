import { expect, test } from 'vitest'
import { mergeOptions, type StreamOptions } from './options.ts'

const merged = (options: StreamOptions = {}) => mergeOptions({}, options)

test('a request that is said in other words is the same', () => {
  expect(merged({ method: 'get' }).method).toBe('GET')
  expect(merged().credentials).toBe('same-origin')
  expect(merged({ withCredentials: true }).credentials).toBe('include')
  expect(merged({ withCredentials: true, credentials: 'omit' }).credentials).toBe('omit')
})

test('what is not given takes the pool’s, and then the default', () => {
  const pool = { linger: 5, retry: { factor: 3 } }
  const { linger, hiddenDelay, retry } = mergeOptions(pool, {
    linger: undefined,
    retry: { jitter: 0 },
  })
  expect([linger, hiddenDelay, retry.factor, retry.jitter]).toEqual([5, 30_000, 3, 0])
})

test('a request that is not GET, or has an end, is sent once', () => {
  expect(merged().once).toBe(false)
  expect(merged({ method: 'post' }).once).toBe(true)
  expect(merged({ onEnd: 'complete' }).once).toBe(true)
})

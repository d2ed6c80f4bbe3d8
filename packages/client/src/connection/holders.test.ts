import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { Holders } from './holders.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function holders() {
  const onHeld = vi.fn<() => void>()
  const onReleased = vi.fn<() => void>()
  return {
    onHeld,
    onReleased,
    of: new Holders({ clock: systemClock, linger: 1_000, onHeld, onReleased }),
  }
}

test('fifty that come together are one opening, a microtask later', async () => {
  const { of, onHeld } = holders()
  for (let n = 0; n < 50; n += 1) of.add()
  expect(onHeld).not.toHaveBeenCalled()
  await Promise.resolve()
  expect(onHeld).toHaveBeenCalledTimes(1)
})

test('whoever comes and goes at once opens nothing', async () => {
  const { of, onHeld } = holders()
  of.add()()
  await Promise.resolve()
  expect(onHeld).not.toHaveBeenCalled()
})

test('the last to leave starts the linger, and a release counts once', () => {
  const { of, onReleased } = holders()
  const [first, second] = [of.add(), of.add()]
  first()
  first()
  vi.advanceTimersByTime(5_000)
  expect(onReleased).not.toHaveBeenCalled()
  second()
  vi.advanceTimersByTime(999)
  expect(onReleased).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onReleased).toHaveBeenCalledTimes(1)
})

test('whoever comes while it lingers takes it over', () => {
  const { of, onReleased } = holders()
  of.add()()
  vi.advanceTimersByTime(999)
  of.add()
  vi.advanceTimersByTime(5_000)
  expect(onReleased).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

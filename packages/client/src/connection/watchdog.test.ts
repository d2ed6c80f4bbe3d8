import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { createWatchdog } from './watchdog.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function watch(timeout = 10_000) {
  const silent = vi.fn<() => void>()
  const watchdog = createWatchdog(systemClock, timeout, silent)
  return { watchdog, silent }
}

/** The machine sleeps: time goes on, and no timer runs. */
function sleep(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds)
}

test('it tells of silence once armed, and not before', () => {
  const { watchdog, silent } = watch()
  vi.advanceTimersByTime(60_000)
  expect(silent).not.toHaveBeenCalled()
  watchdog.arm()
  vi.advanceTimersByTime(9_999)
  expect(silent).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(silent).toHaveBeenCalledOnce()
  expect(vi.getTimerCount()).toBe(0)
})

test('whatever feeds it sets no timer, and moves the end on', () => {
  const { watchdog, silent } = watch()
  watchdog.arm()
  for (let n = 0; n < 10; n += 1) {
    vi.advanceTimersByTime(9_000)
    watchdog.feed()
    expect(vi.getTimerCount()).toBe(1)
  }
  vi.advanceTimersByTime(9_999)
  expect(silent).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(silent).toHaveBeenCalledOnce()
})

test('a timer that comes late gives what is queued one more turn', () => {
  const { watchdog, silent } = watch()
  watchdog.arm()
  sleep(3_600_000)
  vi.advanceTimersByTime(10_000)
  expect(silent).not.toHaveBeenCalled()
  watchdog.feed()
  vi.advanceTimersByTime(1_000)
  expect(silent).not.toHaveBeenCalled()
  sleep(3_600_000)
  vi.advanceTimersByTime(9_000)
  expect(silent).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_000)
  expect(silent).toHaveBeenCalledOnce()
})

test('a page that is seen again looks at once', () => {
  const { watchdog, silent } = watch()
  watchdog.arm()
  watchdog.look()
  sleep(20_000)
  watchdog.look()
  vi.advanceTimersByTime(999)
  expect(silent).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(silent).toHaveBeenCalledOnce()
})

test('disarmed it leaves no timer', () => {
  const { watchdog, silent } = watch()
  watchdog.arm()
  watchdog.disarm()
  expect(vi.getTimerCount()).toBe(0)
  watchdog.look()
  vi.advanceTimersByTime(60_000)
  expect(silent).not.toHaveBeenCalled()
})

test('where the clock is set back, silence is told after one timeout more at the most', () => {
  const { watchdog, silent } = watch()
  watchdog.arm()
  sleep(-3_600_000)
  vi.advanceTimersByTime(20_000)
  expect(silent).toHaveBeenCalledOnce()
})

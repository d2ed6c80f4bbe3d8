import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { createCursor } from './cursor.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function memory() {
  const kept = new Map<string, string>()
  return {
    kept,
    writes: 0,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      this.writes += 1
      kept.set(key, value)
    },
    removeItem: (key: string) => kept.delete(key),
  }
}
const over = (storage: ReturnType<typeof memory>, initial = '') =>
  createCursor({ clock: systemClock, initial, storage, key: 'k' })

test('a cursor is found again by the next page', () => {
  const storage = memory()
  const cursor = over(storage)
  cursor.value = '17'
  vi.advanceTimersByTime(1_000)
  expect(over(storage).value).toBe('17')
  expect(vi.getTimerCount()).toBe(0)
})

test('many events are written once a second, and what is left when the page goes', () => {
  const storage = memory()
  const cursor = over(storage)
  for (let n = 1; n <= 4_500; n += 1) {
    cursor.value = String(n)
    vi.advanceTimersByTime(1)
  }
  expect(storage.writes).toBe(4)
  cursor.save()
  expect(storage.kept.get('k')).toBe('4500')
  cursor.save()
  expect(storage.writes).toBe(5)
  expect(vi.getTimerCount()).toBe(0)
})

test('the snapshot that a page was rendered with is newer than what was stored', () => {
  const storage = memory()
  storage.kept.set('k', '9')
  expect(over(storage, '12').value).toBe('12')
})

test('a cursor that the server has cleared is stored no longer', () => {
  const storage = memory()
  storage.kept.set('k', '9')
  const cursor = over(storage)
  cursor.value = ''
  cursor.save()
  expect(storage.kept.has('k')).toBe(false)
})

test('a storage that throws is reported, and harms nothing', () => {
  const reported = vi.spyOn(console, 'error').mockReturnValue()
  const full = (): never => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  const storage = { getItem: full, setItem: full, removeItem: full }
  const cursor = createCursor({ clock: systemClock, initial: '', storage, key: 'k' })
  cursor.value = '1'
  cursor.save()
  expect(cursor.value).toBe('1')
  expect(reported).toHaveBeenCalledTimes(2)
  reported.mockRestore()
})

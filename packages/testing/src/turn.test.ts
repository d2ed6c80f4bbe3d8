import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.useRealTimers()
  // Nobody else is to find the module that did not start.
  vi.resetModules()
})

test('the harness does not start where timers were faked before it was imported', async () => {
  vi.resetModules()
  vi.useFakeTimers()
  await expect(import('./turn.ts')).rejects.toMatchObject({ code: 'fake-timers' })
})

import { onTestFinished, vi } from 'vitest'

type Options = NonNullable<Parameters<typeof vi.useFakeTimers>[0]>

const REAL = ['setImmediate', 'clearImmediate'] as const

interface Page {
  jest?: unknown
}

/**
 * Fakes timers as the harness, MSW and Testing Library need it, until the test is over: `setImmediate` stays real, and
 * `findBy` and `waitFor` move the time they wait for.
 *
 * Returns what ends it before.
 *
 * @example
 * useFakeTimers()
 * render(<Price />)
 * await events.drop()
 * await vi.advanceTimersByTimeAsync(1_000) // the client is back
 */
export function useFakeTimers(options: Options = {}): () => void {
  vi.useFakeTimers({ ...options, ...whatToFake(options) })
  const page = globalThis as Page
  const former = page.jest
  // The only fake timers that Testing Library knows are Jest's.
  page.jest = {
    advanceTimersByTime: (milliseconds: number) => vi.advanceTimersByTime(milliseconds),
  }
  let isOver = false
  const restore = (): void => {
    if (isOver) return
    isOver = true
    if (former === undefined) delete page.jest
    else page.jest = former
    vi.useRealTimers()
  }
  onTestFinished(restore)
  return restore
}

// To fake some of them, or all but some: never both.
function whatToFake({ toFake, toNotFake = [] }: Options): Options {
  if (!toFake) return { toNotFake: [...toNotFake, ...REAL] }
  return { toFake: toFake.filter((name) => !REAL.some((real) => real === name)) }
}

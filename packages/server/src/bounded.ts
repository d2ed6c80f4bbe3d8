import type { Clock } from './clock.ts'

/** Resolves when a promise settles, either way, or when it has had its time. */
export function within(
  clock: Clock,
  milliseconds: number,
  promise: PromiseLike<unknown>,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(resolve, milliseconds)
    const settled = (): void => {
      clock.clearTimeout(timer)
      resolve()
    }
    promise.then(settled, settled)
  })
}

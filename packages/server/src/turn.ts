// Found at import: a turn is a fact of the event loop, and goes by while tests hold the timers still.
const {
  setImmediate: immediate,
  setTimeout: timeout,
  queueMicrotask: microtask,
} = globalThis as {
  readonly setImmediate?: (callback: () => void) => unknown
  readonly setTimeout: (callback: () => void, delay: number) => unknown
  readonly queueMicrotask: (callback: () => void) => void
}

/** Runs `callback` when whoever reads has had a turn of the event loop to do so. */
export function nextTurn(callback: () => void): void {
  if (immediate) immediate(callback)
  else timeout(callback, 0)
}

/**
 * Runs `callback` when all that is ready to run in this turn of the event loop has had its chance; where turns are not
 * to be had (browsers), when the running job is done.
 */
export function endOfTurn(callback: () => void): void {
  if (immediate) immediate(callback)
  else microtask(callback)
}

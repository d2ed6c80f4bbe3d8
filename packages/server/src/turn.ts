// Found at import: a turn is a fact of the event loop, and goes by while tests hold the timers still.
const { setImmediate: immediate, setTimeout: timeout } = globalThis as {
  readonly setImmediate?: (callback: () => void) => unknown
  readonly setTimeout: (callback: () => void, delay: number) => unknown
}

/** Runs `callback` when whoever reads has had a turn of the event loop to do so. */
export function nextTurn(callback: () => void): void {
  if (immediate) immediate(callback)
  else timeout(callback, 0)
}

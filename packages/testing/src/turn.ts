import { HarnessError } from './error.ts'

// Captured at import: timers that a test fakes later must not stop the harness.
const now = performance.now.bind(performance)
const {
  setImmediate: immediate,
  setTimeout: timeout,
  MessageChannel: Channel,
} = globalThis as {
  setImmediate?: (callback: () => void) => unknown
  setTimeout: (callback: () => void, delay: number) => unknown
  MessageChannel: typeof MessageChannel
}

if ('clock' in (immediate ?? timeout)) {
  throw new HarnessError(
    'fake-timers',
    'Cannot start the harness: timers were faked before it was imported. Import it before vi.useFakeTimers().',
  )
}

/** Whether there are turns whose number says that I/O is done: `setImmediate`, which browsers lack. */
export const hasImmediates: boolean = immediate !== undefined

/** One real turn of the event loop, whatever timers are faked. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate) immediate(resolve)
    else channelTurn(resolve)
  })
}

/** What a network waits by and a test has faked, by name: then requests may stay where they are. */
export function fakedNeeds(): readonly string[] {
  const { setImmediate, queueMicrotask, process } = globalThis as {
    setImmediate?: object
    queueMicrotask: object
    process?: { nextTick?: object }
  }
  const needs = { setImmediate, queueMicrotask, nextTick: process?.nextTick }
  return Object.entries(needs).flatMap(([name, need]) => (need && 'clock' in need ? [name] : []))
}

/** Real milliseconds, whatever timers are faked. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    timeout(resolve, milliseconds)
  })
}

/** Starts a stopwatch of real milliseconds, whatever timers are faked. */
export function elapsed(): () => number {
  const start = now()
  return () => now() - start
}

function channelTurn(done: () => void): void {
  const { port1, port2 } = new Channel()
  port1.addEventListener('message', () => {
    port1.close()
    done()
  })
  port1.start()
  port2.postMessage(undefined)
}

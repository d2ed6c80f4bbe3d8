import { within } from './bounded.ts'
import type { Clock } from './clock.ts'
import { encodeEvent } from './encode.ts'
import type { LiveSession } from './session.ts'

/**
 * How a server goes away.
 *
 * @example
 * await events.close({ retry: 5_000 }) // clients come back in five seconds
 */
export interface CloseOptions {
  /** Milliseconds after which clients may come back. Defaults to nothing said. */
  readonly retry?: number
}

/** What is closed, in its parts. */
export interface Closable {
  readonly clock: Clock
  /** Lets nobody in any more; clients may come back in so many milliseconds. */
  readonly shut: (comeBack: number | undefined) => void
  /** Takes no more events; waits for those on their way to the provider. */
  readonly settled: () => Promise<unknown> | undefined
  /** Waits for those whose replay is still being read. */
  readonly caughtUp: () => Promise<unknown> | undefined
  readonly sessions: Iterable<LiveSession>
  /** Lets go of timers and of the provider. */
  readonly release: () => void | Promise<void>
}

// How long a provider, or a replay store, is waited for that does not answer.
const PATIENCE = 5_000

/** Makes `close`, which does its work once. */
export function createClose(parts: Closable): (options?: CloseOptions) => Promise<void> {
  let closing: Promise<void> | undefined

  async function shutDown(retry: number | undefined, farewell: string): Promise<void> {
    const { clock, shut, settled, caughtUp, sessions, release } = parts
    shut(retry)
    try {
      const underWay = settled()
      if (underWay) await within(clock, PATIENCE, underWay)
      const replays = caughtUp()
      if (replays) await within(clock, PATIENCE, replays)
      const ending = farewell === '' ? {} : { farewell: new TextEncoder().encode(farewell) }
      for (const session of sessions) session.end('shutdown', ending)
    } finally {
      await release()
    }
  }

  return async ({ retry } = {}) => {
    closing ??= shutDown(retry, encodeEvent({ retry }))
    return closing
  }
}

import { checkEvent } from './encode.ts'
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
  /** Lets nobody in any more; clients may come back in so many milliseconds. */
  readonly shut: (comeBack: number | undefined) => void
  /** Takes no more events; waits for those on their way to the provider. */
  readonly settled: () => Promise<unknown> | undefined
  readonly sessions: Iterable<LiveSession>
  /** Lets go of timers and of the provider. */
  readonly release: () => void | Promise<void>
}

/** Makes `close`, which does its work once. */
export function createClose(parts: Closable): (options?: CloseOptions) => Promise<void> {
  let closing: Promise<void> | undefined

  async function shutDown({ retry }: CloseOptions): Promise<void> {
    parts.shut(retry)
    const settled = parts.settled()
    if (settled) await settled
    for (const session of parts.sessions) {
      if (retry !== undefined) session.send({ retry })
      session.end('shutdown')
    }
    await parts.release()
  }

  return async (options = {}) => {
    if (options.retry !== undefined) checkEvent({ retry: options.retry })
    closing ??= shutDown(options)
    return closing
  }
}

import { createEventServer, finiteReplay } from '@millrace/server'
import { LINE_RATE } from '../../wire/log.ts'
import { seededRandom } from '../market/random.ts'
import type { Route } from '../route.ts'
import { StreamRoute } from '../stream-route.ts'
import { LogWriter } from './log-writer.ts'

/** Milliseconds for which the log goes on when its last reader has gone: who only lost the line comes back. */
const PATIENCE = 4_000

/** A log at full speed, written while somebody reads it. */
export function openLog({ retry, seed }: { readonly retry: number; readonly seed: number }): Route {
  let leaving: NodeJS.Timeout | undefined
  const events = createEventServer({
    // All that is written while nobody reads, and as much again.
    replay: finiteReplay({ count: (2 * PATIENCE * LINE_RATE) / 1_000 }),
    retry,
    onConnect: () => {
      clearTimeout(leaving)
      writer.start()
    },
    onDisconnect: () => {
      clearTimeout(leaving)
      if (events.sessions.size === 0) leaving = setTimeout(() => writer.stop(), PATIENCE)
    },
  })
  const writer = new LogWriter(events.publish, seededRandom(seed))
  const { handle } = new StreamRoute({ path: '/log', events, published: () => writer.written })
  return {
    handle,
    close: async () => {
      writer.stop()
      await events.close()
      clearTimeout(leaving)
    },
  }
}

import { createEventServer, finiteReplay } from '@millrace/server'
import { LINE_RATE } from '../../wire/log.ts'
import { seededRandom } from '../random.ts'
import type { Route } from '../route.ts'
import { StreamRoute } from '../stream-route.ts'
import { whileRead } from '../while-read.ts'
import { LogWriter } from './log-writer.ts'

/** Milliseconds for which the log goes on when its last reader has gone. */
const PATIENCE = 4_000

/** A log at full speed, written while somebody reads it. */
export function openLog({ retry, seed }: { readonly retry: number; readonly seed: number }): Route {
  const { end, ...hooks } = whileRead({
    start: () => writer.start(),
    stop: () => writer.stop(),
    patience: PATIENCE,
  })
  // All that is written while nobody reads, and as much again.
  const replay = finiteReplay({ count: (2 * PATIENCE * LINE_RATE) / 1_000 })
  const events = createEventServer({ replay, retry, ...hooks })
  const writer = new LogWriter(events.publish, seededRandom(seed))
  const { handle } = new StreamRoute({ path: '/log', events, published: () => writer.written })
  return {
    handle,
    close: async () => {
      end()
      await events.close()
    },
  }
}

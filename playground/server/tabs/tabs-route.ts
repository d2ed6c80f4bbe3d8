import { createEventServer, finiteReplay } from '@millrace/server'
import { BEAT_RATE, type Beat } from '../../wire/tabs.ts'
import type { Route } from '../route.ts'
import { StreamRoute } from '../stream-route.ts'
import { whileRead } from '../while-read.ts'

/** Milliseconds for which it beats on when its last reader has gone. */
const PATIENCE = 5_000

/** A beat, ten times a second, while somebody reads it. */
export function openTabs({ retry }: { readonly retry: number }): Route {
  let seq = 0
  let beating: NodeJS.Timeout | undefined

  function beat(): void {
    seq += 1
    void events.broadcast({ event: 'beat', data: { seq } satisfies Beat })
  }

  const { end, ...hooks } = whileRead({
    start: () => {
      beating ??= setInterval(beat, 1_000 / BEAT_RATE)
    },
    stop: () => {
      clearInterval(beating)
      beating = undefined
    },
    patience: PATIENCE,
  })
  // All that is beaten while nobody reads, and as much again.
  const replay = finiteReplay({ count: (2 * PATIENCE * BEAT_RATE) / 1_000 })
  const events = createEventServer({ replay, retry, ...hooks })
  const { handle } = new StreamRoute({ path: '/tabs', events, published: () => seq })

  return {
    handle,
    close: async () => {
      end()
      await events.close()
    },
  }
}

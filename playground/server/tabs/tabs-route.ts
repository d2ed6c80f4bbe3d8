import { createEventServer, finiteReplay } from '@millrace/server'
import { BEAT_RATE, type Beat } from '../../wire/tabs.ts'
import type { Route } from '../route.ts'
import { StreamRoute } from '../stream-route.ts'

/** Milliseconds for which it beats on when its last reader has gone: who only lost the line comes back. */
const PATIENCE = 5_000

/** A beat, ten times a second, while somebody reads it. */
export function openTabs({ retry }: { readonly retry: number }): Route {
  let seq = 0
  let beating: NodeJS.Timeout | undefined
  let leaving: NodeJS.Timeout | undefined
  const events = createEventServer({
    // All that is beaten while nobody reads, and as much again.
    replay: finiteReplay({ count: (2 * PATIENCE * BEAT_RATE) / 1_000 }),
    retry,
    onConnect: () => {
      clearTimeout(leaving)
      beating ??= setInterval(beat, 1_000 / BEAT_RATE)
    },
    onDisconnect: () => {
      clearTimeout(leaving)
      if (events.sessions.size === 0) leaving = setTimeout(stop, PATIENCE)
    },
  })
  const { handle } = new StreamRoute({ path: '/tabs', events, published: () => seq })

  function beat(): void {
    seq += 1
    void events.broadcast({ event: 'beat', data: { seq } satisfies Beat })
  }
  function stop(): void {
    clearInterval(beating)
    beating = undefined
  }

  return {
    handle,
    close: async () => {
      stop()
      await events.close()
      clearTimeout(leaving)
    },
  }
}

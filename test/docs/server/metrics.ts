// server/metrics.ts
import { createEventServer } from '@millrace/server'

export const events = createEventServer({
  onConnect: ({ clientId, remoteAddress }) => console.log('came', clientId, remoteAddress),
  onDisconnect: ({ clientId }, reason) => console.log('went', clientId, reason),
  onError: ({ code, message }) => console.error(code, message),
})

/** For Prometheus, say. */
export function metrics(): string {
  const { published, delivered, dropped } = events.stats
  return [
    `sse_sessions ${events.sessions.size}`,
    `sse_published_total ${published}`,
    `sse_delivered_total ${delivered}`,
    `sse_dropped_total ${dropped}`,
  ].join('\n')
}

// server/limits.ts
import { createEventServer } from '@millrace/server'

export const events = createEventServer({
  maxSessions: 10_000, // more get a 503 with Retry-After
  maxSessionsPerClient: 10, // of one clientId, as authorize names it; more get a 429 with Retry-After
  maxChannels: 20, // that one request may ask for; more get a 400
  maxBacklog: 256 * 1024, // bytes a client may leave unread; then it is let go, and resumes by its cursor
  onDisconnect: ({ remoteAddress }, reason) => {
    if (reason === 'slow') console.warn(`${remoteAddress} reads too slowly.`)
  },
})

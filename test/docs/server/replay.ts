// server/replay.ts
import { createEventServer, finiteReplay, validReplay } from '@millrace/server'

// The last thousand events of every channel.
export const byCount = createEventServer({ replay: finiteReplay({ count: 1_000 }) })

// What is younger than an hour, of each channel no more than a thousand, no more than 16 MiB in all.
export const byAge = createEventServer({
  replay: validReplay({ ttl: 3_600_000, count: 1_000, maxBytes: 16 * 1024 * 1024 }),
  onUnknownId: 'all', // whose cursor has expired is sent all there is, instead of `millrace-reset`
})

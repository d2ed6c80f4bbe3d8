// server/proxy.ts
import { createEventServer } from '@millrace/server'

export const events = createEventServer({
  // Shorter than the time after which anything on the way gives a silent connection up.
  keepAlive: { interval: 10_000 },
  // Whoever is connected is the proxy: it says for whom. Trust this header only if nobody can go past the proxy.
  remoteAddress: (request) => request.headers.get('x-real-ip') ?? undefined,
  // The page is served from elsewhere.
  cors: { origin: ['https://app.example'], credentials: true },
})

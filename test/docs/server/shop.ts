// server/shop.ts
import { createEventServer, finiteReplay } from '@millrace/server'
import { serve } from '@millrace/server/node'

const events = createEventServer({ replay: finiteReplay({ count: 1_000 }), retry: 2_000 })
export const serving = await serve(events, { port: Number(process.env['PORT'] ?? 3000) })

// To whoever listens to orders/eu, or to orders.
await events.publish('orders/eu', { event: 'order', data: { id: 7, total: 12.5 } })
// To everyone.
await events.broadcast({ event: 'notice', data: 'We close at six.' })

process.once('SIGTERM', () => void serving.close({ retry: 1_000 }))

// server.ts
import { createEventServer, finiteReplay } from '@millrace/server'
import { serve } from '@millrace/server/node'

const events = createEventServer({ replay: finiteReplay({ count: 1_000 }) })
export const serving = await serve(events)
console.log(`${serving.url}/events?channel=market`)

await events.publish('market/eur-usd', { event: 'tick', data: { price: 42 } })

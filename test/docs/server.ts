// server.ts
import { createEventServer, finiteReplay } from '@millrace/server'
import { serve } from '@millrace/server/node'

const events = createEventServer({ replay: finiteReplay({ count: 1_000 }) })
export const serving = await serve(events, { port: Number(process.env['PORT'] ?? 3000) })
console.log(`${serving.url}/events`)

let price = 100
setInterval(() => {
  price += Math.round(Math.random() * 10 - 5)
  void events.broadcast({ event: 'tick', data: { price } })
}, 500)

// trades.ts
import { eventStream, json } from 'millrace'

export const trades = eventStream('/events', {
  events: { tick: json<{ price: number; size: number }>() },
})

export const price = trades.select('tick', (event) => event.data.price)
export const volume = trades.reduce('tick', (sum, event) => sum + event.data.size, 0)

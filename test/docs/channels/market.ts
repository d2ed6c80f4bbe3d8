// channels/market.ts
import { eventStream, json, multiplex } from 'millrace'

export const market = eventStream('/events', {
  channels: multiplex(),
  events: { tick: json<{ price: number }>() },
})

export const euro = market.channel('fx/eur-usd').select('tick', ({ data }) => data.price)
export const pound = market.channel('fx/gbp-usd').select('tick', ({ data }) => data.price)

// A parent hears its children, and each event says whose it is.
export const newest = market.channel('fx').select('tick', ({ channel, data }) => {
  return `${channel}: ${data.price}`
})

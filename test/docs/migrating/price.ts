// migrating/price.ts
import { eventStream, json } from 'millrace'

const prices = eventStream('/events', { events: { tick: json<{ price: number }>() } })

/** After: one connection for all calls. */
export function watchPrice(show: (price: number) => void): () => void {
  return prices.on('tick', ({ data }) => show(data.price))
}

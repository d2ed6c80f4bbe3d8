// migrating/use-price.ts
import { eventStream, json } from 'millrace'
import { useStore } from '../vue/use-store.ts'

const prices = eventStream('/events', {
  events: { tick: json<{ price: number }>() },
  retry: { maxRetries: 3 },
})
const price = prices.select('tick', ({ data }) => data.price)

/** In the place of `useEventSource('/events', ['tick'])`. */
export function usePrice() {
  return { price: useStore(price), status: useStore(prices.status), error: useStore(prices.error) }
}

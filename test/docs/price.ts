// price.ts
import { eventStream, json } from 'millrace'

const trades = eventStream('https://example.com/events', {
  events: { tick: json<{ price: number; size: number }>() },
})

const price = trades.select('tick', (event) => event.data.price)
const volume = trades.reduce('tick', (sum, event) => sum + event.data.size, 0)

export const stopPrice = price.subscribe((value) => console.log('price', value))
export const stopVolume = volume.subscribe((value) => console.log('volume', value))

// price.ts
import { eventStream, json } from 'millrace'

const trades = eventStream('/events', { events: { tick: json<{ price: number }>() } })
const price = trades.select('tick', (event) => event.data.price)

export const stop = price.subscribe((value) => {
  document.querySelector('output')?.replaceChildren(`${value ?? '–'}`)
})

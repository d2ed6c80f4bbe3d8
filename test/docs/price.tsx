// price.tsx
import { eventStream, json } from 'millrace'
import { useEventStream } from 'millrace/react'

const trades = eventStream('/events', { events: { tick: json<{ price: number }>() } })

export function Price() {
  const price = useEventStream(trades, { event: 'tick', select: (event) => event.data.price })
  return <output>{price ?? '–'}</output>
}

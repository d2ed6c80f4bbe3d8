// price.tsx
import { eventStream, json } from 'millrace'
import { useEventStream, useStreamStatus } from 'millrace/react'

export const trades = eventStream('/events', {
  events: { tick: json<{ price: number }>() },
})

export function Price() {
  const price = useEventStream(trades, { event: 'tick', select: (event) => event.data.price })
  return <output>{price ?? '–'}</output>
}

export function Light() {
  return <i>{useStreamStatus(trades)}</i>
}

// testing/ticker.tsx
import { json } from 'millrace'
import { useEventStream } from 'millrace/react'

export function Ticker() {
  const { data, status } = useEventStream('/events', {
    event: 'tick',
    decode: json<{ price: number }>(),
  })
  return (
    <output>
      {data?.price ?? 'no price'}, {status}
    </output>
  )
}

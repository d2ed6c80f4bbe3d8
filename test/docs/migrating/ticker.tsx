// migrating/ticker.tsx
import { json } from 'millrace'
import { useEventStream, useStreamEvent } from 'millrace/react'

interface Tick {
  readonly price: number
}

const options = { event: 'tick', decode: json<Tick>() } as const

export function Ticker({ live, onTick }: { live: boolean; onTick: (tick: Tick) => void }) {
  const { data, status } = useEventStream('/events', { ...options, enabled: live })
  useStreamEvent(live ? '/events' : null, 'tick', ({ data: tick }) => onTick(tick), options)
  return (
    <output>
      {data?.price ?? '–'}, {status}
    </output>
  )
}

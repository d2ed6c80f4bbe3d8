// channels/watchlist.tsx
import { useEventStream } from 'millrace/react'
import { market } from './market.ts'

export function Watchlist({ pairs }: { pairs: readonly string[] }) {
  return (
    <ul>
      {pairs.map((pair) => (
        <Pair key={pair} pair={pair} />
      ))}
    </ul>
  )
}

function Pair({ pair }: { pair: string }) {
  const { data } = useEventStream(market, { channel: `fx/${pair}`, event: 'tick' })
  return (
    <li>
      {pair} {data?.price ?? '–'}
    </li>
  )
}

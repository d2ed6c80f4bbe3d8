// react/quote.tsx
import { useStore, useStreamStatus } from 'millrace/react'
import { price, trades, volume } from '../trades.ts'

export function Quote() {
  const shown = useStore(price) ?? '–'
  const traded = useStore(volume)
  return (
    <output>
      {shown}, {traded} traded, {useStreamStatus(trades)}
    </output>
  )
}

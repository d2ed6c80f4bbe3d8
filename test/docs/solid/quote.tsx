// solid/quote.tsx
/** @jsxImportSource solid-js */
import { price, trades, volume } from '../trades.ts'
import { useStore } from './use-store.ts'

export function Quote() {
  const shown = useStore(price)
  const traded = useStore(volume)
  const status = useStore(trades.status)
  return (
    <output>
      {shown() ?? '–'}, {traded()} traded, {status()}
    </output>
  )
}

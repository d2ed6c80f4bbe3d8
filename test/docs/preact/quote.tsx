// preact/quote.tsx
/** @jsxImportSource preact */
import { useComputed } from '@preact/signals'
import { price, trades, volume } from '../trades.ts'

export function Quote() {
  const shown = useComputed(() => price.value ?? '–')
  return (
    <output>
      {shown}, {volume} traded, {trades.status}
    </output>
  )
}

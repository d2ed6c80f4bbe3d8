// reconnecting/gaps.ts
import { eventStream, json } from 'millrace'

interface Stock {
  readonly item: string
  readonly left: number
}

export const stock = eventStream('/stock', {
  events: { stock: json<Stock>() },
  onGap: ({ reason }) => {
    console.warn(`Events were missed (${reason}): fetching what is in stock.`)
    void refresh()
  },
})

// Starts anew where events were missed, rather than go on from a wrong sum.
export const sold = stock.reduce('stock', (count) => count + 1, 0, { onGap: 'restart' })

async function refresh() {
  await fetch('/stock.json')
}

// ssr/prices.ts
import { createEventServer, finiteReplay } from '@millrace/server'
import type { Snapshot } from './page.tsx'

export const events = createEventServer({ replay: finiteReplay({ count: 1_000 }) })

let newest: Snapshot
export const snapshot = (): Snapshot => newest

export async function setPrice(price: number): Promise<void> {
  const { id } = await events.broadcast({ event: 'tick', data: { price } })
  newest = { price, cursor: id ?? '' }
}

await setPrice(100)

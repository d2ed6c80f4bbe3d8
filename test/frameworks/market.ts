import type { FakeEventServer, ManualClock } from '@millrace/testing'
import { createPool, json } from 'millrace'

/** What a store of Millrace is to a framework: a value to start with, and whoever wants to hear of the next. */
interface Store<Value> {
  readonly value: Value
  peek(): Value
  subscribe(listener: (value: Value) => void): () => void
}

/** One component of a page: it shows what is in a store. */
export interface Part {
  readonly name: 'price' | 'volume' | 'status'
  readonly store: Store<string | number | undefined>
}

/** What the pages of all frameworks show. */
export type Market = ReturnType<typeof openMarket>

/** Stores of one stream, in a pool of its own, and a count of what has been rendered. */
export function openMarket(
  events: Pick<FakeEventServer, 'fetch'>,
  clock: ManualClock,
  url = '/events',
) {
  const pool = createPool({ fetch: events.fetch, clock })
  const trades = pool.stream(url, { events: { tick: json<{ price: number; size: number }>() } })
  const price = trades.select('tick', (event) => event.data.price)
  const volume = trades.reduce('tick', (sum, event) => sum + event.data.size, 0)
  const renders = { price: 0, volume: 0, status: 0 }
  const parts: readonly Part[] = [
    { name: 'price', store: price },
    { name: 'price', store: price },
    { name: 'volume', store: volume },
    { name: 'status', store: trades.status },
  ]
  return {
    parts,
    renders,
    /** Counts a render of that part, and gives back what is shown. */
    rendered: <Shown>(part: Part, shown: Shown): Shown => {
      renders[part.name] += 1
      return shown
    },
    close: pool.close,
  }
}

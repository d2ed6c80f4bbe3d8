/** A read of one connection: the messages it brought, and when, in microseconds. */
export interface Receipt {
  readonly from: number
  readonly to: number
  readonly at: number
}

/** How long messages were under way, in milliseconds. */
export interface Latencies {
  readonly median: number
  /** 99 of 100 messages were no slower. */
  readonly p99: number
}

/** From when each message was published and what was read when. */
export function latencies(published: readonly number[], receipts: readonly Receipt[]): Latencies {
  const all: number[] = []
  for (const { from, to, at } of receipts) {
    for (let sequence = from; sequence < to; sequence += 1)
      all.push(at - (published[sequence] ?? at))
  }
  const sorted = Float64Array.from(all).toSorted()
  const part = (share: number): number => (sorted[Math.floor(sorted.length * share)] ?? 0) / 1_000
  return { median: part(0.5), p99: part(0.99) }
}

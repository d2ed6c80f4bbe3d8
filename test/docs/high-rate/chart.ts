// high-rate/chart.ts
import { eventStream, json } from 'millrace'

const samples = eventStream('/samples', { events: { sample: json<number>() } })

/** The last thousand samples, drawn by whoever draws: no store, no framework. */
export function record(signal: AbortSignal): Float64Array {
  const ring = new Float64Array(1_000)
  let at = 0
  samples.on(
    'sample',
    ({ data }) => {
      ring[at] = data
      at = (at + 1) % ring.length
    },
    { signal },
  )
  return ring
}

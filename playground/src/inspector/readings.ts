import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import type { FeedSnapshot, Pool } from 'millrace'

/** A connection as it is shown. */
export interface Reading extends FeedSnapshot {
  readonly eventsPerSecond: number
}

/** Milliseconds between two measurements. */
const INTERVAL = 1_000

/** The connections of a pool, measured once a second while somebody looks. */
export function readingsOf({ connections }: Pool): ReadonlySignal<readonly Reading[]> {
  let timer: ReturnType<typeof setInterval> | undefined
  let counts: ReadonlyMap<number, number> = new Map()
  let since = 0

  const rates = signal<ReadonlyMap<number, number>>(new Map(), {
    watched: () => {
      measure()
      timer = setInterval(measure, INTERVAL)
    },
    unwatched: () => {
      clearInterval(timer)
      counts = new Map()
    },
  })

  function measure(): void {
    const former = counts
    const now = performance.now()
    const seconds = Math.max(1, now - since) / 1_000
    counts = new Map(connections.peek().map(({ id, events }) => [id, events]))
    rates.value = new Map(
      [...counts].map(([id, events]) => [id, (events - (former.get(id) ?? events)) / seconds]),
    )
    since = now
  }

  return computed(() => {
    const measured = rates.value
    // A copy: what is counted stays as it was when it was looked at.
    return connections.value.map((snapshot) => ({
      ...snapshot,
      eventsPerSecond: measured.get(snapshot.id) ?? 0,
    }))
  })
}

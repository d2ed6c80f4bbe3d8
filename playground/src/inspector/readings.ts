import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import type { FeedSnapshot, Pool } from 'millrace'

/** A connection as it is shown. */
export interface Reading extends FeedSnapshot {
  /** Tells connections apart, those to the same URL too. */
  readonly id: string
  readonly eventsPerSecond: number
}

/** Milliseconds between two measurements. */
const INTERVAL = 1_000

/** The connections of a pool, measured once a second while somebody looks. */
export function readingsOf({ connections }: Pool): ReadonlySignal<readonly Reading[]> {
  let timer: ReturnType<typeof setInterval> | undefined
  let counts: ReadonlyMap<string, number> = new Map()
  let since = 0

  const rates = signal<ReadonlyMap<string, number>>(new Map(), {
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
    counts = new Map(named(connections.peek()).map(([id, { events }]) => [id, events]))
    rates.value = new Map(
      [...counts].map(([id, events]) => [id, (events - (former.get(id) ?? events)) / seconds]),
    )
    since = now
  }

  return computed(() => {
    const measured = rates.value
    return named(connections.value).map(([id, snapshot]) => ({
      // A copy: what is counted stays as it was when it was looked at.
      ...snapshot,
      id,
      eventsPerSecond: measured.get(id) ?? 0,
    }))
  })
}

function named(snapshots: readonly FeedSnapshot[]): [id: string, snapshot: FeedSnapshot][] {
  const seen = new Map<string, number>()
  return snapshots.map((snapshot) => {
    const nth = (seen.get(snapshot.url) ?? 0) + 1
    seen.set(snapshot.url, nth)
    return [`${snapshot.url} ${nth}`, snapshot]
  })
}

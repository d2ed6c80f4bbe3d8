import { signal, type ReadonlySignal } from '@preact/signals-core'
import { eventStream, json } from 'millrace'
import type { Line } from '../../wire/log.ts'
import { streamServer } from '../flow/stream-server.ts'
import { pool } from '../pool.ts'

/** Lines that are kept to be read. */
export const LINES_KEPT = 5_000

/** Whatever comes between two frames is one render. */
const log = eventStream('/log/events?channel=log', {
  pool,
  commit: 'frame',
  events: { line: json<Line>() },
  retry: { maxDelay: 2_000, jitter: 0.25 },
})

export const logServer = streamServer('/log')

/** The newest lines, the oldest first. */
export const lines = log.history('line', { limit: LINES_KEPT })

/** The books of the log: what came, and what is missing in it. */
interface Book {
  readonly received: number
  readonly missed: number
  readonly doubled: number
  /** The `seq` of the newest line. */
  readonly last: number | undefined
}

/** A reducer sees every line, however few of them are shown. */
const book = log.reduce(
  'line',
  (so: Book, { data: { seq } }): Book => {
    const { last = seq - 1 } = so
    return {
      received: so.received + 1,
      missed: so.missed + Math.max(0, seq - last - 1),
      doubled: so.doubled + (seq <= last ? 1 : 0),
      last: Math.max(last, seq),
    }
  },
  { received: 0, missed: 0, doubled: 0, last: undefined },
)

/** How often the list was rendered: whoever renders it counts. */
export const renders = { count: 0 }

export interface Measurement extends Book {
  readonly linesPerSecond: number
  readonly rendersPerSecond: number
}

/** Milliseconds between two measurements. */
const INTERVAL = 1_000

const measured = signal<Measurement>(measure(book.peek()), {
  watched: () => {
    let since = performance.now()
    let former = { received: book.peek().received, renders: renders.count }
    // Watched, so that it goes on counting; looked at once a second, so that one can read it.
    const stopReading = book.subscribe(() => {})
    const timer = setInterval(() => {
      const seconds = (performance.now() - since) / 1_000
      const now = { received: book.peek().received, renders: renders.count }
      measured.value = measure(book.peek(), {
        linesPerSecond: (now.received - former.received) / seconds,
        rendersPerSecond: (now.renders - former.renders) / seconds,
      })
      since = performance.now()
      former = now
    }, INTERVAL)
    stop = () => {
      clearInterval(timer)
      stopReading()
    }
  },
  unwatched: () => {
    stop()
  },
})
let stop = () => {}

/** The books, and how fast it goes, once a second. */
export const measurement: ReadonlySignal<Measurement> = measured

function measure(
  books: Book,
  speeds: Pick<Measurement, 'linesPerSecond' | 'rendersPerSecond'> = {
    linesPerSecond: 0,
    rendersPerSecond: 0,
  },
): Measurement {
  return { ...books, ...speeds }
}

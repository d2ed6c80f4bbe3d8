import { signal, type ReadonlySignal } from '@preact/signals-core'
import { eventStream, json } from 'millrace'
import type { Line } from '../../wire/log.ts'
import { emptyBook, entered, type Book } from '../flow/book.ts'
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

/** A reducer sees every line, however few of them are shown. */
const book = log.reduce('line', (so, { data }) => entered(so, data.seq), emptyBook)

/** How often the list was rendered: whoever renders it counts. */
export const renders = { count: 0 }

export interface Measurement extends Book {
  readonly linesPerSecond: number
  readonly rendersPerSecond: number
}

/** Milliseconds between two measurements. */
const INTERVAL = 1_000

const measured = signal<Measurement>(
  { ...emptyBook, linesPerSecond: 0, rendersPerSecond: 0 },
  {
    watched: () => {
      // Watched, so that it goes on counting; looked at once a second, so that one can read it.
      const stopReading = book.subscribe(() => {})
      const measure = measuring()
      const timer = setInterval(() => {
        measured.value = measure()
      }, INTERVAL)
      stop = () => {
        clearInterval(timer)
        stopReading()
      }
    },
    unwatched: () => {
      stop()
    },
  },
)
let stop = () => {}

/** The books, and how fast it goes, once a second. */
export const measurement: ReadonlySignal<Measurement> = measured

function look() {
  return { at: performance.now(), books: book.peek(), renders: renders.count }
}

/** Measures from one call to the next. */
function measuring(): () => Measurement {
  let former = look()
  return () => {
    const now = look()
    const { at, books, renders: rendered } = former
    const seconds = (now.at - at) / 1_000
    former = now
    return {
      ...now.books,
      linesPerSecond: (now.books.received - books.received) / seconds,
      rendersPerSecond: (now.renders - rendered) / seconds,
    }
  }
}

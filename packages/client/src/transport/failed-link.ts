import type { Link, Outcome, TransportSink } from './transport.ts'

/** The link of an attempt that failed before it began; the sink hears of it once `connect` has returned. */
export function failedLink(sink: TransportSink, outcome: Outcome): Link {
  let closed = false
  queueMicrotask(() => {
    if (!closed) sink.close(outcome)
  })
  return {
    close: () => {
      closed = true
    },
    listen: () => {},
  }
}

import type { TransportRequest, TransportSink } from './transport.ts'

/** A plain request for a stream. */
export const plainRequest: TransportRequest = {
  url: 'https://server.test/events',
  method: 'GET',
  headers: {},
  body: undefined,
  credentials: 'same-origin',
  lastEventId: '',
  lastEventIdParam: 'lastEventId',
}

/** A sink that keeps what it is told, in order, and says when the attempt is over. */
export function recordingSink(): {
  readonly sink: TransportSink
  readonly told: readonly unknown[][]
  readonly over: Promise<void>
} {
  const told: unknown[][] = []
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const keep =
    (what: string) =>
    (...values: unknown[]) => {
      told.push([what, ...values])
    }
  const sink: TransportSink = {
    open: keep('open'),
    receive: (events, lastEventId) => {
      told.push(['receive', events.map(({ data }) => data), lastEventId])
    },
    active: keep('active'),
    retry: keep('retry'),
    skipped: keep('skipped'),
    interrupted: keep('interrupted'),
    close: (outcome) => {
      told.push(['close', outcome])
      end()
    },
  }
  return { sink, told, over }
}

import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import type { ServerStatus } from '../wire.ts'
import { Figure } from './figure.tsx'
import { Faults } from './faults.tsx'
import { formatCount } from './format.ts'
import { ledger } from './ledger.ts'
import { Race } from './race.tsx'
import { serverStatus } from './server-status.ts'

/** Events that may be between a look at the server and the next event here, with nothing wrong. */
const LAG = 10

/** The way of the events: from the server, down one connection, into this page's books. */
export function Flow(): ReactElement {
  return (
    <section className="flow" aria-label="The stream, from the server to this page">
      <ServerBank />
      <Race />
      <PageBank />
    </section>
  )
}

function ServerBank(): ReactElement {
  const status = useStore(serverStatus)
  return (
    <div className="bank">
      <h2>Server</h2>
      <div className="beside">
        <dl>
          <Figure name="published" label="Published">
            {status === undefined ? '–' : formatCount(status.published)}
          </Figure>
        </dl>
        <p className="note" role="status">
          {manner(status)}
        </p>
      </div>
      <Faults answering={status?.answering ?? true} />
    </div>
  )
}

function manner(status: ServerStatus | undefined): string {
  if (status === undefined) return 'It cannot be reached.'
  return status.answering
    ? 'It answers, and keeps what it has sent for those who come back.'
    : 'It hung up, refuses with status 503, and goes on publishing.'
}

function PageBank(): ReactElement {
  const { received, missed, doubled, last = 0 } = useStore(ledger)
  const published = useStore(serverStatus)?.published ?? 0
  return (
    <div className="bank">
      <h2>This page</h2>
      <dl>
        <Figure name="received" label="Received">
          {formatCount(received)}
        </Figure>
        <Figure name="behind" label="Behind" alarm={published - last > LAG}>
          {formatCount(Math.max(0, published - last))}
        </Figure>
        <Figure name="missed" label="Missed" alarm={missed > 0}>
          {formatCount(missed)}
        </Figure>
        <Figure name="doubled" label="Doubled" alarm={doubled > 0}>
          {formatCount(doubled)}
        </Figure>
      </dl>
      <p className="note">
        Every event has a number. Break the stream, and see that none is missed and none comes
        twice.
      </p>
    </div>
  )
}

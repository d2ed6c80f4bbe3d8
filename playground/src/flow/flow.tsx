import type { ReactElement, ReactNode } from 'react'
import { useStore } from 'millrace/react'
import type { ServerStatus } from '../../wire/server-status.ts'
import { formatCount } from '../format.ts'
import { Faults } from './faults.tsx'
import { Figure } from './figure.tsx'
import { Race } from './race.tsx'
import type { StreamServer } from './stream-server.ts'

interface FlowProps {
  readonly server: StreamServer
  /** What this page makes of the events. */
  readonly children: ReactNode
}

/** The way of the events: from the server, down one connection, into this page's books. */
export function Flow({ server, children }: FlowProps): ReactElement {
  return (
    <section className="flow" aria-label="The stream, from the server to this page">
      <ServerBank server={server} />
      <Race server={server} />
      <div className="bank">
        <h2>This page</h2>
        {children}
      </div>
    </section>
  )
}

function ServerBank({ server }: Pick<FlowProps, 'server'>): ReactElement {
  const status = useStore(server.status)
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
      <Faults answering={status?.answering ?? true} inflict={server.inflict} />
    </div>
  )
}

function manner(status: ServerStatus | undefined): string {
  if (status === undefined) return 'It cannot be reached.'
  return status.answering
    ? 'It answers, and keeps what it has sent for those who come back.'
    : 'It hung up, refuses with status 503, and goes on publishing.'
}

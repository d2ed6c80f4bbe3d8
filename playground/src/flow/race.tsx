import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import type { ServerStatus } from '../../wire/server-status.ts'
import type { StreamServer } from './stream-server.ts'

/** So many channels are called by their names. */
const FEW = 6

/** The channel between the two: how many connections the server counts for each URL, and the water in it. */
export function Race({ server }: { readonly server: StreamServer }): ReactElement {
  const connections = useStore(server.status)?.connections ?? []
  const open = connections.reduce((sum, connection) => sum + connection.open, 0)
  return (
    <div className="race">
      <p className="gauge">
        <strong data-figure="connections">{open}</strong>{' '}
        {open === 1 ? 'connection' : 'connections'}
      </p>
      <Water />
      <ul aria-label="Connections by URL, as the server counts them">
        {connections.map((connection) => (
          <ConnectionRow key={connection.url} {...connection} />
        ))}
        {connections.length === 0 && <li>The server sees nobody.</li>}
      </ul>
    </div>
  )
}

/** It runs while a stream is open. */
export function Water(): ReactElement {
  return <div className="water" aria-hidden="true" />
}

function ConnectionRow({ url, open }: ServerStatus['connections'][number]): ReactElement {
  const { pathname, searchParams } = new URL(url, window.location.href)
  const channels = [...new Set(searchParams.getAll('channel'))]
  return (
    <li title={channels.join(', ')}>
      <code>{pathname}</code> {channels.length > 0 && `${named(channels)}, `}
      {open} open
      {open > 1 && ' (one for each tab)'}
    </li>
  )
}

function named(channels: readonly string[]): string {
  return channels.length > FEW ? `${channels.length} channels` : channels.join(' + ')
}

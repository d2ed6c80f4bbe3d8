import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import type { ServerStatus } from '../wire.ts'
import { serverStatus } from './server-status.ts'

/** The channel between the two: how many connections the server counts for each URL, and the water in it. */
export function Race(): ReactElement {
  const connections = useStore(serverStatus)?.connections ?? []
  const open = connections.reduce((sum, connection) => sum + connection.open, 0)
  return (
    <div className="race">
      <p className="gauge">
        <strong data-figure="connections">{open}</strong>{' '}
        {open === 1 ? 'connection' : 'connections'}
      </p>
      <div className="water" aria-hidden="true" />
      <ul aria-label="Connections by URL, as the server counts them">
        {connections.map((connection) => (
          <ConnectionRow key={connection.url} {...connection} />
        ))}
        {connections.length === 0 && <li>The server sees nobody.</li>}
      </ul>
    </div>
  )
}

function ConnectionRow({ url, open }: ServerStatus['connections'][number]): ReactElement {
  const { pathname, searchParams } = new URL(url, window.location.href)
  const channels = searchParams.getAll('channel')
  return (
    <li title={decodeURIComponent(url)}>
      <code>{pathname}</code> {channels.length} channels, {open} open
      {open > 1 && ' (one for each tab)'}
    </li>
  )
}

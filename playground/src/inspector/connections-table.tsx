import type { ReactElement } from 'react'
import { formatBytes, formatCount } from '../format.ts'
import { Countdown } from './countdown.tsx'
import type { Reading } from './readings.ts'
import { State } from './state.tsx'
import { TableSection } from './table-section.tsx'
import { Url } from './url.tsx'

const columns = [
  'URL',
  'Status',
  'Attempts',
  'Next attempt',
  'Held by the page',
  'Events',
  'Events/s',
  'Bytes',
  'Cursor',
]

/** How each connection stands, and what came over it. */
export function ConnectionsTable(props: { readonly readings: readonly Reading[] }): ReactElement {
  return (
    <TableSection title="Connections" columns={columns} empty="Nobody reads a stream.">
      {props.readings.map((reading) => (
        <tr key={reading.id}>
          <th scope="row">
            <Url of={reading.url} />
          </th>
          <td>
            <State status={reading.status} reason={reading.reason} />
            <Why reading={reading} />
          </td>
          <td>
            {reading.attempts}
            {reading.attempt > 0 && <small>{failuresOf(reading)}</small>}
          </td>
          <td>
            <NextAttempt reading={reading} />
          </td>
          <td>{reading.holds.join(', ') || 'no'}</td>
          <td>{formatCount(reading.events)}</td>
          <td>{reading.eventsPerSecond.toFixed(1)}</td>
          <td>{formatBytes(reading.bytes)}</td>
          <td>
            <code>{reading.lastEventId || 'none'}</code>
          </td>
        </tr>
      ))}
    </TableSection>
  )
}

function failuresOf({ attempt }: Reading): string {
  return attempt === 1 ? '1 failure' : `${attempt} failures in a row`
}

interface ReadingProps {
  readonly reading: Reading
}

function Why({ reading: { reason, error } }: ReadingProps): ReactElement | null {
  const why = [reason, error?.message].filter((one) => one !== undefined)
  return why.length === 0 ? null : <small className="why">{why.join(': ')}</small>
}

function NextAttempt({ reading: { status, retryAt, holds } }: ReadingProps): ReactElement {
  if (status !== 'waiting') return <>–</>
  if (retryAt !== undefined) return <Countdown to={retryAt} />
  return <>{holds.length > 0 ? 'when let go' : 'when the browser says'}</>
}

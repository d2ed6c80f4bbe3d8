import { useState, type ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { formatCount, formatTime } from '../format.ts'
import { State } from './state.tsx'
import { TableSection } from './table-section.tsx'
import type { TraceEntry, TraceLog } from './trace-log.ts'
import { Url } from './url.tsx'

/** What happened to the connections, the newest first. */
export function TraceTable({ log }: { readonly log: TraceLog }): ReactElement {
  const entries = useStore(log.entries)
  const [filter, setFilter] = useState('')
  const wanted = filter.trim().toLowerCase()
  const shown = entries.filter((entry) => textOf(entry).includes(wanted)).toReversed()
  return (
    <TableSection
      title="Transitions"
      columns={['Time', 'URL', 'What happened', 'From', 'To', 'Why']}
      empty={entries.length === 0 ? 'Nothing has happened yet.' : 'Nothing of that name.'}
      tools={
        <div className="tools" role="group" aria-label="Transitions">
          <label>
            Filter{' '}
            <input
              type="search"
              value={filter}
              onChange={(event) => {
                setFilter(event.currentTarget.value)
              }}
            />
          </label>
          <button type="button" onClick={log.clear}>
            Clear
          </button>
          <span className="made">
            {formatCount(shown.length)} of {formatCount(entries.length)}
          </span>
        </div>
      }
    >
      {shown.map((entry) => (
        <tr key={entry.nth}>
          <td>
            <time dateTime={new Date(entry.at).toISOString()}>{formatTime(entry.at)}</time>
          </td>
          <td>
            <Url of={entry.url} />
          </td>
          <th scope="row">{entry.event}</th>
          <td>
            <State status={entry.from} />
          </td>
          <td>
            <State status={entry.status} reason={entry.reason} />
          </td>
          <td>{whyOf(entry)}</td>
        </tr>
      ))}
    </TableSection>
  )
}

function whyOf({ status, holds, reason, error }: TraceEntry): string {
  // What went wrong before is still known while the next attempt is made, but is not why it is made.
  if (status === 'connecting') return ''
  return [...holds, reason, error?.message].filter((one) => one !== undefined).join(', ')
}

/** What a filter looks in. */
function textOf(entry: TraceEntry): string {
  const { url, event, from, status } = entry
  return [url, event, from, status, whyOf(entry)].join(' ').toLowerCase()
}

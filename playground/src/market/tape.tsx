import { memo, useState, type NamedExoticComponent, type ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { ENTRIES_KEPT, ledger, type Entry } from './ledger.ts'

/** The ids that came over the wire, each with its type: the proof of the page's books. */
export function Tape(): ReactElement {
  const [open, setOpen] = useState(false)
  return (
    <details
      className="panel fold tape"
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary>
        The last {ENTRIES_KEPT} events, by id <span className="made">newest first</span>
      </summary>
      {open && <Entries />}
    </details>
  )
}

function Entries(): ReactElement {
  const { entries } = useStore(ledger)
  return (
    <ol reversed tabIndex={0} aria-label="Events, the newest first">
      {entries.toReversed().map((entry) => (
        <Line key={entry.nth} entry={entry} />
      ))}
    </ol>
  )
}

/** An event does not change once it has come: of five hundred lines only the new ones render. */
const Line: NamedExoticComponent<{ readonly entry: Entry }> = memo(function Line({ entry }) {
  return (
    <li>
      <code data-event-id>{entry.id}</code> {entry.type}
    </li>
  )
})

import { useMemo, useState, type ReactElement } from 'react'
import type { Pool } from 'millrace'
import { useStore } from 'millrace/react'
import { ConnectionsTable } from './connections-table.tsx'
import { HoldersTable } from './holders-table.tsx'
import { readingsOf } from './readings.ts'
import type { TraceLog } from './trace-log.ts'
import { TraceTable } from './trace-table.tsx'

interface StreamInspectorProps {
  readonly pool: Pool
  /** The log that hears the pool's `onTrace`. */
  readonly log: TraceLog
}

/** A pool from within: how its connections stand, who holds them, and what happened. Closed, it watches nothing. */
export function StreamInspector({ pool, log }: StreamInspectorProps): ReactElement {
  const [open, setOpen] = useState(false)
  return (
    <details
      className="panel fold inspector"
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary>
        Stream inspector <span className="made">the pool, seen from this page</span>
      </summary>
      {open && (
        <>
          <Now pool={pool} />
          <TraceTable log={log} />
        </>
      )}
    </details>
  )
}

function Now({ pool }: Pick<StreamInspectorProps, 'pool'>): ReactElement {
  const readings = useStore(useMemo(() => readingsOf(pool), [pool]))
  return (
    <>
      <ConnectionsTable readings={readings} />
      <HoldersTable readings={readings} />
    </>
  )
}

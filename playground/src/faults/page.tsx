import type { ReactElement } from 'react'
import { ConnectionPanel } from './connection-panel.tsx'
import { FaultPanel } from './fault-panel.tsx'
import { TimelinePanel } from './timeline-panel.tsx'

/** Everything that can go wrong with a stream, and what becomes of it. */
export function Content(): ReactElement {
  return (
    <div className="halves">
      <FaultPanel />
      <div className="side">
        <ConnectionPanel />
        <TimelinePanel />
      </div>
    </div>
  )
}

import type { ReactElement } from 'react'
import type { Fault } from '../../wire/server-status.ts'
import type { StreamServer } from './stream-server.ts'

interface FaultsProps extends Pick<StreamServer, 'inflict'> {
  /** Whether the server answers requests for the stream. */
  readonly answering: boolean
}

/** The buttons that break the stream and mend it. */
export function Faults({ answering, inflict }: FaultsProps): ReactElement {
  const buttons: readonly [fault: Fault, enabled: boolean, name: string][] = [
    ['stop', answering, 'Stop answers'],
    ['drop', answering, 'Drop connection'],
    ['restore', !answering, 'Bring it back'],
  ]
  return (
    <div className="faults" role="group" aria-label="Break the stream">
      {buttons.map(([fault, enabled, name]) => (
        // Stays focusable while it has nothing to do: the keyboard's place is not lost when the server's state changes.
        <button
          key={fault}
          type="button"
          data-fault={fault}
          aria-disabled={!enabled}
          onClick={() => {
            if (enabled) void inflict(fault)
          }}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

import type { ReactElement } from 'react'
import type { Fault } from '../wire.ts'
import { inflict } from './server-status.ts'

interface FaultsProps {
  /** Whether the server answers requests for the stream. */
  readonly answering: boolean
}

/** The buttons that break the stream and mend it. */
export function Faults({ answering }: FaultsProps): ReactElement {
  return (
    <div className="faults" role="group" aria-label="Break the stream">
      <FaultButton fault="stop" enabled={answering}>
        Stop answers
      </FaultButton>
      <FaultButton fault="drop" enabled={answering}>
        Drop connection
      </FaultButton>
      <FaultButton fault="restore" enabled={!answering}>
        Bring it back
      </FaultButton>
    </div>
  )
}

interface FaultButtonProps {
  readonly fault: Fault
  readonly enabled: boolean
  readonly children: string
}

/** Stays focusable while it has nothing to do: the keyboard's place is not lost when the server's state changes. */
function FaultButton({ fault, enabled, children }: FaultButtonProps): ReactElement {
  return (
    <button
      type="button"
      data-fault={fault}
      aria-disabled={!enabled}
      onClick={() => {
        if (enabled) void inflict(fault)
      }}
    >
      {children}
    </button>
  )
}

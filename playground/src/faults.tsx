import type { ReactElement } from 'react'
import type { Fault, ServerStatus } from '../wire.ts'
import { inflict } from './server-status.ts'

interface FaultsProps {
  readonly status: ServerStatus | undefined
}

/** The buttons that break the stream and mend it, and what they have done. */
export function Faults({ status }: FaultsProps): ReactElement {
  const answering = status?.answering ?? true
  return (
    <>
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
      <p className="note" role="status">
        {status === undefined
          ? 'The server cannot be reached.'
          : answering
            ? 'It answers, and keeps what it sends for those who come back.'
            : 'It hung up, refuses with 503, and goes on publishing.'}
      </p>
    </>
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

import type { ReactElement } from 'react'
import type { CloseReason, ConnectionStatus } from 'millrace'

interface StateProps {
  readonly status: ConnectionStatus
  readonly reason?: CloseReason | undefined
}

/** A status by its name, with a shape and a colour; to have ended as it should is no alarm. */
export function State({ status, reason }: StateProps): ReactElement {
  return (
    <span className="state" data-status={reason === 'ended' ? 'ended' : status}>
      <i aria-hidden="true" />
      {status}
    </span>
  )
}

import type { ReactElement } from 'react'
import type { ConnectionStatus } from 'millrace'

/** A status by its name, with a shape and a colour. */
export function State({ status }: { readonly status: ConnectionStatus }): ReactElement {
  return (
    <span className="state" data-status={status}>
      <i aria-hidden="true" />
      {status}
    </span>
  )
}

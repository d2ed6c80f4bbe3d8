import type { ReactElement } from 'react'
import type { ConnectionStatus } from 'millrace'
import { useStreamStatus } from 'millrace/react'
import { market } from './market-stream.ts'

const words: Readonly<Record<ConnectionStatus, string>> = {
  idle: 'Idle',
  connecting: 'Connecting',
  open: 'Live',
  waiting: 'Waiting to retry',
  closed: 'Closed',
}

/** How the connection stands, in a word, a shape and a colour. */
export function StatusLight(): ReactElement {
  const status = useStreamStatus(market)
  return (
    <p className="light" role="status" data-status={status}>
      <i aria-hidden="true" />
      {words[status]}
    </p>
  )
}

import { computed } from '@preact/signals-core'
import type { ReactElement } from 'react'
import type { ConnectionStatus } from 'millrace'
import { useStore } from 'millrace/react'
import { pool } from '../pool.ts'

const words: Readonly<Record<ConnectionStatus, string>> = {
  idle: 'Idle',
  connecting: 'Connecting',
  open: 'Live',
  waiting: 'Waiting to retry',
  closed: 'Closed',
}

/** The least healthy first. */
const byHealth: readonly ConnectionStatus[] = ['closed', 'waiting', 'connecting', 'open']

/** How the page's connections stand; of several, the least healthy. */
const status = computed((): ConnectionStatus => {
  const all = pool.connections.value.map((connection) => connection.status)
  return byHealth.find((one) => all.includes(one)) ?? 'idle'
})

/** How the page's connections stand, in a word, a shape and a colour. Watching them opens nothing. */
export function StatusLight(): ReactElement {
  const now = useStore(status)
  return (
    <p className="light" role="status" data-status={now}>
      <i aria-hidden="true" />
      {words[now]}
    </p>
  )
}

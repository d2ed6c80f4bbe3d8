import { computed } from '@preact/signals-core'
import type { ReactElement } from 'react'
import type { ConnectionStatus } from 'millrace'
import { useStore } from 'millrace/react'
import { pool } from '../pool.ts'

type Health = ConnectionStatus | 'ended'

const words: Readonly<Record<Health, string>> = {
  idle: 'Idle',
  connecting: 'Connecting',
  open: 'Live',
  waiting: 'Waiting to retry',
  closed: 'Closed',
  ended: 'Complete',
}

/** The least healthy first; what has ended as it should is as well as can be. */
const byHealth: readonly Health[] = ['closed', 'waiting', 'connecting', 'open', 'ended']

/** How the page's connections stand; of several, the least healthy. */
const health = computed((): Health => {
  const all = pool.connections.value.map(({ status, reason }): Health =>
    status === 'closed' && reason === 'ended' ? 'ended' : status,
  )
  return byHealth.find((one) => all.includes(one)) ?? 'idle'
})

/** How the page's connections stand, in a word, a shape and a colour. Watching them opens nothing. */
export function StatusLight(): ReactElement {
  const now = useStore(health)
  return (
    <p className="light" role="status" data-status={now}>
      <i aria-hidden="true" />
      {words[now]}
    </p>
  )
}

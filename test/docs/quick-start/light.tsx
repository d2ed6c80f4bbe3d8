// quick-start/light.tsx
import { eventStream } from 'millrace'
import { useStore } from 'millrace/react'

const trades = eventStream('/events')

export function Light() {
  const { status, retryAt } = useStore(trades.connection)
  return (
    <p data-status={status}>
      {status}
      {retryAt === undefined ? '' : `, next try at ${new Date(retryAt).toLocaleTimeString()}`}
    </p>
  )
}

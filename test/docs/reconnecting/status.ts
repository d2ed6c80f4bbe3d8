// reconnecting/status.ts
import { eventStream, type ConnectionSnapshot } from 'millrace'

export const orders = eventStream('/orders')

export function describe({ status, holds, retryAt, reason }: ConnectionSnapshot): string {
  if (holds.includes('offline')) return 'You are offline.'
  if (status === 'waiting' && retryAt !== undefined) {
    return `Connection lost, next try at ${new Date(retryAt).toLocaleTimeString()}.`
  }
  if (status === 'closed' && reason !== 'ended') return 'Not connected. Reload to try again.'
  return status === 'open' ? 'Live' : 'Connecting…'
}

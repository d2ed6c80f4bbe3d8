// errors/orders.ts
import { eventStream, json, StreamError } from 'millrace'

export const orders = eventStream('/orders', {
  events: { order: json<{ id: number }>() },
  // Payloads that do not decode, events that are too large: the stream goes on without them.
  onError: ({ code, message, data }) => console.warn(code, message, data),
})

/** Why nothing comes, in words for whoever looks at the page. */
export function trouble({ code, status }: StreamError): string {
  if (status === 401 || status === 403) return 'Sign in again.'
  if (code === 'gave-up') return 'The server has been away for long. Reload to try again.'
  return code === 'network' ? 'Connection lost, trying again…' : 'Orders cannot be shown.'
}

// reconnecting/token.ts
import { eventStream } from 'millrace'

async function accessToken({ fresh, signal }: { fresh: boolean; signal: AbortSignal }) {
  const response = await fetch(fresh ? '/token?fresh' : '/token', { signal })
  return response.text()
}

export const inbox = eventStream('/inbox', {
  headers: async ({ signal, status }) => ({
    authorization: `Bearer ${await accessToken({ fresh: status === 401, signal })}`,
  }),
  key: 'ann', // whose stream it is: streams of another key are never shared with it
})

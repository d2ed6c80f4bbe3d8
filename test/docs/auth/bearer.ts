// auth/bearer.ts
import { eventStream } from 'millrace'

export interface Session {
  readonly userId: string
  /** A token that is good now; a new one where the server did not take the last. */
  readonly token: (options: { fresh: boolean; signal: AbortSignal }) => Promise<string>
}

export function inboxOf({ userId, token }: Session) {
  return eventStream('/inbox', {
    headers: async ({ status, signal }) => ({
      authorization: `Bearer ${await token({ fresh: status === 401, signal })}`,
    }),
    key: userId, // whose stream it is: never shared with another user's
  })
}

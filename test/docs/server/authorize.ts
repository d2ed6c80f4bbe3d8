// server/authorize.ts
import { createEventServer } from '@millrace/server'

interface User {
  readonly id: string
  readonly team: string
}

const users = new Map<string, User>([['secret', { id: '7', team: 'blue' }]])

export const events = createEventServer<User>({
  authorize: (request) => {
    const token = /(?:^|; )session=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1]
    const user = users.get(token ?? '')
    if (!user) return new Response('Sign in first.\n', { status: 401 })
    return {
      clientId: user.id,
      data: user,
      channels: ['news', `user/${user.id}`, `team/${user.team}`],
    }
  },
  maxSessionsPerClient: 20,
})

/** To every tab of a user; how many there are. */
export function notify(userId: string, text: string): number {
  return events.sessions.send(userId, { event: 'notice', data: text })
}

/** The user has signed out: what was allowed at the start of a stream is allowed no more. */
export function signOut(userId: string): void {
  for (const session of events.sessions.find(userId)) session.close()
}

/** Who is in a room now. */
export function present(room: string): string[] {
  return events.sessions.hearing(room).map(({ data }) => data.id)
}

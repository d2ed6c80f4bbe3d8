// auth/inbox.tsx
import { useEventStream } from 'millrace/react'
import { useMemo } from 'react'
import { inboxOf, type Session } from './bearer.ts'

export function Inbox({ session }: { session: Session | undefined }) {
  const inbox = useMemo(() => session && inboxOf(session), [session])
  const { data, error } = useEventStream(inbox ?? null)
  if (!session) return <p>Sign in to read your messages.</p>
  if (error?.status === 401 || error?.status === 403) return <p>Sign in again.</p>
  return <p>{data ?? 'No messages yet.'}</p>
}

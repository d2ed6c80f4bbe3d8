// auth/ticket.ts
import { eventStream } from 'millrace'

// A ticket is good for one request, within seconds: what a log keeps of it opens nothing.
async function ticketed({ signal }: { signal: AbortSignal }): Promise<string> {
  const response = await fetch('/tickets', { method: 'POST', signal })
  const { ticket } = (await response.json()) as { ticket: string }
  return `https://events.example.com/feed?ticket=${encodeURIComponent(ticket)}`
}

export const feed = eventStream(ticketed, { key: 'feed' })

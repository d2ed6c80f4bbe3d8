// migrating/chat.ts
import { eventStream, StreamError } from 'millrace'

export async function chat(question: string, signal: AbortSignal): Promise<string> {
  const stream = eventStream('/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question }),
  })
  let answer = ''
  try {
    for await (const { data } of stream.events('message', { signal })) answer += data
  } catch (error) {
    // What onopen and onerror would have thrown.
    if (error instanceof StreamError && error.status === 429) return 'Too many questions.'
    throw error
  }
  return answer
}

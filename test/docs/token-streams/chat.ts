// token-streams/chat.ts
import { eventStream, json } from 'millrace'

export function ask(question: string) {
  return eventStream('/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question }),
    events: { message: json<{ token: string }>() },
    doneWhen: (event) => event.data === '[DONE]',
  })
}

// token-streams/response.ts
import { json, readEvents } from 'millrace'

export async function summarize(document: File): Promise<string> {
  const response = await fetch('/summary', { method: 'POST', body: document })
  let summary = ''
  for await (const { data } of readEvents(response, {
    events: { message: json<{ token: string }>() },
    doneWhen: (event) => event.data === '[DONE]',
  })) {
    summary += data.token
  }
  return summary
}

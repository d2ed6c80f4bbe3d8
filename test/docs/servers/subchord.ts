// servers/subchord.ts
import { eventStream, json, text } from 'millrace'

interface Bar {
  readonly id: number
  readonly name: string
}

// Who it is for is in the URL, as the handler reads it.
export const alice = eventStream('/sse?client=alice', {
  events: { foo_update: text, bar_delete: json<Bar>() },
})

// servers/go-sse.ts
import { eventStream, json, queryChannel } from 'millrace'

// tmaxmax/go-sse, with an OnSession that takes its topics from `?topic=`.
const topics = eventStream('/go-sse', {
  channels: queryChannel('topic', { cursorParam: false }),
  events: { metric: json<{ value: number }>() },
})

export const metric = topics.channel('metrics').select('metric', ({ data }) => data.value)

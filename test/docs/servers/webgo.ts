// servers/webgo.ts
import { eventStream, text } from 'millrace'

// Each client under a name of its own, or they put each other out.
const headers = { 'sse-clientid': crypto.randomUUID() }

export const ticks = eventStream('/webgo', { headers, events: { tick: text } })

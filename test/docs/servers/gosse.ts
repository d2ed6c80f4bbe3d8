// servers/gosse.ts
import { eventStream, queryChannel } from 'millrace'

// gosse reads the cursor from the header alone.
const channels = queryChannel('channel', { cursorParam: false })
const events = eventStream('/gosse', { channels })

export const mine = events.channel('channel_1')

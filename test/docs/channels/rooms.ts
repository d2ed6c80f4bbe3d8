// channels/rooms.ts
import { eventStream, json, multiplex } from 'millrace'

interface Line {
  readonly room: string
  readonly text: string
}

// `/chat?room=red&room=blue`, from a server whose payloads name the room.
export const chat = eventStream('/chat', {
  channels: multiplex({
    param: 'room',
    channelOf: ({ data }) => (JSON.parse(data) as Line).room,
  }),
  events: { line: json<Line>() },
})

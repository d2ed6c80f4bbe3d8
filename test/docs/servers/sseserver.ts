// servers/sseserver.ts
import { eventStream, pathChannel, text } from 'millrace'

export const pets = eventStream('/subscribe', {
  channels: pathChannel({ cursorParam: false }),
  events: { 'new-dog': text, 'new-cat': text },
  onGap: () => console.warn('Pets may have been missed: there are no ids to go on from.'),
})

export const dogs = pets.channel('pets/dogs').history('new-dog', { limit: 10 })

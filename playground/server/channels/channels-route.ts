import { createEventServer, finiteReplay } from '@millrace/server'
import { channels, type PetChannel, type Sighting } from '../../wire/channels.ts'
import { answerJson, answerText, pathnameOf, queryOf, type Route } from '../route.ts'
import { StreamRoute } from '../stream-route.ts'

/** What is seen where, in turn. */
const sights: Readonly<Record<PetChannel | 'everywhere', readonly string[]>> = {
  pets: ['A hamster runs in its wheel', 'A tortoise has moved since yesterday'],
  'pets/dogs': ['A terrier digs a hole', 'A sheepdog counts the children', 'A pug snores'],
  'pets/dogs/corgis': ['A corgi herds the ducks', 'A corgi takes the stairs two at a time'],
  'pets/cats': ['A cat sits on the keyboard', 'A cat is on the wrong side of the door'],
  'pets/birds': ['A parrot says what it heard last', 'A canary sings'],
  petshop: ['The shop opens', 'A delivery of hay arrives', 'The shop closes for lunch'],
  everywhere: ['It begins to rain', 'The sun comes out'],
}

/** Sightings of pets, published when somebody asks for it: `POST /channels/publish?channel=…`. */
export function openChannels({ retry }: { readonly retry: number }): Route {
  const events = createEventServer({ replay: finiteReplay({ count: 100 }), retry })
  let seq = 0
  const stream = new StreamRoute({ path: '/channels', events, published: () => seq })

  /** Without a channel, to everyone. */
  async function publish(channel?: PetChannel): Promise<Sighting> {
    seq += 1
    const choice = sights[channel ?? 'everywhere']
    const sighting = { seq, channel, text: choice[seq % choice.length] ?? '' }
    const event = { event: 'sighting', data: sighting }
    await (channel === undefined ? events.broadcast(event) : events.publish(channel, event))
    return sighting
  }

  return {
    handle: (request, response) => {
      if (pathnameOf(request) !== '/channels/publish' || request.method !== 'POST') {
        return stream.handle(request, response)
      }
      const asked = queryOf(request).get('channel')
      const channel = channels.find((one) => one === asked)
      if (asked !== null && channel === undefined) {
        answerText(response, 400, `Cannot publish to ${asked}: there is no such channel.`)
      } else {
        publish(channel).then(
          (sighting) => answerJson(response, sighting),
          () => answerText(response, 503, 'Cannot publish: the server is closing.'),
        )
      }
      return true
    },
    close: () => events.close(),
  }
}

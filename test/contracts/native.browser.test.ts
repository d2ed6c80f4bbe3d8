import * as fc from 'fast-check'
import { eventSourceTransport, fetchTransport } from 'millrace'
import { expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { bytesOf, nastyStream, nastyTypes } from './nasty-streams.ts'
import { interpret } from './specification.ts'
import { connect, listen } from './transport-client.ts'

type Message = readonly [type: string, data: string, lastEventId: string]

/** What the browser's own `EventSource` dispatches before the server ends the stream. */
function hearNatively(url: string, types: Iterable<string>): Promise<Message[]> {
  return new Promise((resolve) => {
    const messages: Message[] = []
    const source = new EventSource(url)
    for (const type of new Set(types)) {
      source.addEventListener(type, ({ data, lastEventId }: MessageEvent<string>) => {
        messages.push([type, data, lastEventId])
      })
    }
    source.addEventListener('error', () => {
      source.close()
      resolve(messages)
    })
  })
}

async function hearOverFetch(url: string): Promise<Message[]> {
  const { heard, until } = listen(fetchTransport(), url)
  await until(() => heard.outcome !== undefined)
  return heard.events.map(({ type, data, lastEventId }) => [type, data, lastEventId])
}

test('whatever a server sends, the browser hears what the specification says, and so do we', async () => {
  // Chromium overlooks a line end that comes right after the byte order mark.
  const stream = nastyStream.filter((chunks) => !/^\xef\xbb\xbf[\r\n]/.test(chunks.join('')))
  // Several at a time, as many as a browser has connections for.
  const streams = fc.array(stream, { minLength: 6, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(streams, async (streams) => {
      await Promise.all(
        streams.map(async (chunks) => {
          const url = `/wire/once?${encodeURIComponent(JSON.stringify({ chunks }))}`
          const { events } = interpret(bytesOf(chunks.join('')))
          const expected = events.map(([type, data, lastEventId]) => [type, data, lastEventId])
          const types = ['message', ...nastyTypes, ...events.map(([type]) => type)]
          expect(await hearNatively(url, types)).toEqual(expected)
          expect(await hearOverFetch(new URL(url, location.href).href)).toEqual(expected)
        }),
      )
    }),
    { numRuns: rounds(15, 1_000) },
  )
})

const cursors = ['17', 'ä€𝄞', 'a b', '  a  ', 'a\tb', ':', '%41&=']

test.each(cursors)('the cursor %j is told as the browser tells it', async (cursor) => {
  const id = String.fromCharCode(...new TextEncoder().encode(cursor))
  const answers = [{ chunks: [`retry: 1\nid: ${id}\ndata: 1\n\n`] }, { ending: 'hang' as const }]
  const origin = () => location.origin
  const native = { name: '', transport: eventSourceTransport(), origin, native: true }
  const ours = { ...native, transport: fetchTransport() }

  const first = await connect(native, answers)
  await first.until(() => first.heard.opens === 2)
  first.link.close()
  const second = await connect(ours, [{ ending: 'hang' }], { request: { lastEventId: cursor } })
  await second.until(() => second.heard.opens === 1)
  second.link.close()

  const [[, again], [request]] = [(await first.log()).seen, (await second.log()).seen]
  expect(again?.headers['last-event-id']).toBeTypeOf('string')
  expect(request?.headers['last-event-id']).toBe(again?.headers['last-event-id'])
})

import * as fc from 'fast-check'
import { fetchTransport, type FetchTransportOptions } from 'millrace'
import { expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { bytesOf, nastyStream } from './nasty-streams.ts'
import { interpret, type Interpretation } from './specification.ts'
import { listen, type Client } from './transport-client.ts'

/** What the fetch transport makes of the pieces, each of them a chunk. */
async function hear(
  pieces: readonly string[],
  options: FetchTransportOptions = {},
): Promise<Interpretation> {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(bytesOf(piece))
      controller.close()
    },
  })
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const { heard } = await new Promise<Client>((resolve) => {
    const transport = fetchTransport({ ...options, fetch: () => Promise.resolve(response) })
    const client = listen(transport, 'https://server.test/events', {
      onTold: (what) => {
        if (what === 'close') resolve(client)
      },
    })
  })
  expect(heard.outcome).toEqual({ kind: 'end' })
  const { retries, lastEventId, told } = heard
  return {
    events: heard.events.map(({ type, data, lastEventId, id }) => [type, data, lastEventId, id]),
    retries,
    lastEventId,
    skipped: told.filter((what) => what === 'skipped').length,
  }
}

test('however a stream is cut into chunks, it is heard as the specification reads it', async () => {
  await fc.assert(
    fc.asyncProperty(nastyStream, async (pieces) => {
      expect(await hear(pieces)).toEqual(interpret(bytesOf(pieces.join(''))))
    }),
    { numRuns: rounds(1_000, 100_000) },
  )
})

test('however a stream is cut, large events are left out of it, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(nastyStream, fc.nat({ max: 40 }), async (pieces, size) => {
      const maxEventSize = size + 1
      expect(await hear(pieces, { maxEventSize })).toEqual(
        interpret(bytesOf(pieces.join('')), maxEventSize),
      )
    }),
    { numRuns: rounds(1_000, 100_000) },
  )
})

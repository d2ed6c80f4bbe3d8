import type { EventServerOptions } from '@millrace/server'
import { fakeEventServer } from '@millrace/testing'
import type { FakeEventServer } from '@millrace/testing'
import { EventSource } from 'eventsource'
import { createPool, eventSourceTransport, fetchTransport } from 'millrace'
import type { Stream } from 'millrace'
import { setupServer } from 'msw/node'
import { describe, expect, test } from 'vitest'
import { capturesOf, type Capture } from './fixtures.captures.ts'
// What a browser dispatches for each stream: written by a parser of its own that follows WHATWG HTML, 9.2.6, line by
// line, and read over by eye. Each event is its type, its data and the last event id.
import expectations from './fixtures.expected.json' with { type: 'json' }

interface Case {
  readonly name: string
  readonly url: string
  readonly cursor: string | undefined
  readonly contentType: string
  readonly chunks: readonly Uint8Array[]
  readonly expected: readonly (readonly string[])[]
}

const servers = ['gosse', 'sseserver', 'subchord-go-sse', 'tmaxmax-go-sse', 'webgo-sse']
const cases = servers.flatMap((server) =>
  capturesOf(server).map((capture) => caseOf(server, capture)),
)

function caseOf(server: string, { request, chunks, response }: Capture): Case {
  const cursor = request.headers['Last-Event-ID']
  const name = `${server} ${request.path}${cursor === undefined ? '' : ` after ${cursor}`}`
  return {
    name,
    url: `http://${server}.test${request.path}`,
    cursor,
    contentType: response.headers['content-type'] ?? '',
    chunks: chunks.map(({ text }) => new TextEncoder().encode(text)),
    expected: (expectations as Record<string, string[][]>)[name] ?? [],
  }
}

type Hear = (stream: Stream, types: Iterable<string>, tell: (event: Heard) => void) => void
type Heard = { readonly type: string; readonly data: string; readonly lastEventId: string }

const everything: Hear = (stream, _types, tell) => void stream.on('*', tell)
const byName: Hear = (stream, types, tell) => {
  for (const type of types) stream.on(type, tell)
}

const clients = [
  {
    client: 'the fetch transport',
    hear: everything,
    transport: (fetch: typeof globalThis.fetch) => fetchTransport({ fetch }),
  },
  {
    client: 'the event-source transport',
    hear: byName,
    transport: (fetch: typeof globalThis.fetch) =>
      eventSourceTransport({
        EventSource: class extends EventSource {
          constructor(url: string) {
            super(url, { fetch })
          }
        },
      }),
  },
]

// The captured server knew the cursors that it was asked about: the fake adds no word of its own.
const knowing: EventServerOptions = { ids: 'manual', replay: { put: () => {}, after: () => [] } }

interface Scene {
  readonly events: FakeEventServer
  readonly fetch: typeof globalThis.fetch
  readonly chunks: readonly Uint8Array[]
}

describe.each(clients)('$client', ({ client, hear, transport }) => {
  async function replay(capture: Case, { events, fetch, chunks }: Scene): Promise<Heard[]> {
    using pool = createPool({ transport: transport(fetch) })
    const stream = pool.stream(capture.url, { initialLastEventId: capture.cursor })
    const heard: Heard[] = []
    const types = new Set(['message', ...capture.expected.map(([type = '']) => type)])
    hear(stream, types, (event) => heard.push(event))
    const [connected] = await events.connected()
    expect(connected?.lastEventId).toBe(capture.cursor)
    await events.sendChunks(chunks)
    return heard
  }

  const told = (heard: readonly Heard[]): string[][] =>
    heard.map(({ type, data, lastEventId }) => [type, data, lastEventId])

  test.each(cases)(`${client} hears $name as a browser does`, async (capture) => {
    const headers = { 'content-type': capture.contentType }
    const events = fakeEventServer(capture.url, { ...knowing, headers })
    const server = setupServer(...events.handlers)
    server.listen({ onUnhandledFrame: 'error' })
    const { chunks } = capture
    const heard = await replay(capture, { events, chunks, fetch: (...args) => fetch(...args) })
    server.close()
    expect(capture.expected.length).toBeGreaterThan(10)
    expect(told(heard)).toEqual(capture.expected)
  })

  test.each(cases)(
    `${client} hears $name the same when every byte comes alone`,
    async (capture) => {
      const events = fakeEventServer(capture.url, knowing)
      const chunks = capture.chunks.flatMap((chunk) =>
        [...chunk].map((byte) => Uint8Array.of(byte)),
      )
      const heard = await replay(capture, { events, chunks, fetch: events.fetch })
      expect(told(heard)).toEqual(capture.expected)
    },
  )
})

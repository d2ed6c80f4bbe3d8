import { fakeEventServer, manualClock } from '@millrace/testing'
import { createPool, setDefaultPool, type Stream } from 'millrace'
import { expect, test, vi } from 'vitest'
import gosse from '../fixtures/gosse.json' with { type: 'json' }
import sseserver from '../fixtures/sseserver.json' with { type: 'json' }
import subchord from '../fixtures/subchord-go-sse.json' with { type: 'json' }
import goSse from '../fixtures/tmaxmax-go-sse.json' with { type: 'json' }
import webgo from '../fixtures/webgo-sse.json' with { type: 'json' }

const clock = manualClock()

interface Recording {
  readonly captures: readonly {
    readonly request: { readonly path: string }
    readonly chunks: readonly { readonly text: string }[]
  }[]
}

/** A server that answers at a path as the recorded one did; `play` sends what it sent. */
function serve(path: string, recording: Recording, recorded: string) {
  const capture = recording.captures.find(({ request }) => request.path === recorded)
  const bytes = capture?.chunks.map(({ text }) => new TextEncoder().encode(text)) ?? []
  const events = fakeEventServer(path, { ids: 'manual', channels: () => [] })
  const pool = createPool({ fetch: events.fetch, clock })
  setDefaultPool(pool)
  const play = async (): Promise<string> => {
    const [client] = await events.connected()
    await events.sendChunks(bytes)
    const { pathname, search } = new URL(client?.request.url ?? '')
    return pathname + search
  }
  return { events, play, close: () => pool.close() }
}

function hear(stream: Stream, types: readonly string[]): string[] {
  const heard: string[] = []
  stream.on(types, ({ type, data, lastEventId }) => heard.push(`${type} ${data} ${lastEventId}`))
  return heard
}

test('gosse: a channel, its broadcasts, and the cursor in the header', async () => {
  const { events, play, close } = serve('/gosse', gosse, '/?channel=channel_1')
  const { mine } = await import('./servers/gosse.ts')
  const heard = hear(mine, ['custom_event', 'message'])
  expect(await play()).toBe('/gosse?channel=channel_1')
  expect(heard.slice(0, 2)).toEqual(['custom_event channel_1: 7 7', 'message broadcast: 9 7'])
  const newest = heard.at(-1)?.split(' ').at(-1)
  await events.drop()
  await clock.advance(1_000)
  expect(events.clients[0]?.headers.get('last-event-id')).toBe(newest)
  close()
})

test('sseserver: a channel is a path, and without ids there is a gap', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue()
  const { events, play, close } = serve('/subscribe/*', sseserver, '/subscribe/pets/dogs')
  const { dogs } = await import('./servers/sseserver.ts')
  dogs.subscribe(() => {})
  expect(await play()).toBe('/subscribe/pets/dogs')
  expect(dogs.value).toHaveLength(10)
  expect(new Set(dogs.value.map(({ data }) => data))).toEqual(new Set(['Corgi', 'Terrier']))
  await events.drop()
  await clock.advance(1_000)
  expect(warned).toHaveBeenCalledOnce()
  close()
})

test('go-sse: a topic, and its newest metric', async () => {
  const { play, close } = serve('/go-sse', goSse, '/?topic=metrics&topic=none')
  const { metric } = await import('./servers/go-sse.ts')
  const seen: unknown[] = []
  metric.subscribe((value) => seen.push(value))
  expect(await play()).toBe('/go-sse?topic=metrics')
  expect(seen.slice(0, 3)).toEqual([undefined, 5, 6])
  close()
})

test('SubChord/go-sse: events of one client, and an empty type', async () => {
  const { play, close } = serve('/sse', subchord, '/sse?client=alice')
  const { alice } = await import('./servers/subchord.ts')
  const heard: unknown[] = []
  alice.on('*', ({ type, data }) => heard.push([type, data]))
  expect(await play()).toBe('/sse?client=alice')
  expect(heard.slice(0, 3)).toEqual([
    ['foo_update', 'plain text, line one\nline two'],
    ['bar_delete', { id: 1, name: 'Zürich' }],
    ['message', 'only for alice'],
  ])
  close()
})

test('webgo: a client says who it is, and comes back when the server says', async () => {
  const { events, play, close } = serve('/webgo', webgo, '/')
  const { ticks } = await import('./servers/webgo.ts')
  const heard: string[] = []
  ticks.on('tick', ({ data }) => heard.push(data))
  await play()
  expect(heard.slice(0, 2)).toEqual(['Hello world 4', 'Hello world 5'])
  expect(events.clients[0]?.headers.get('sse-clientid')).toMatch(/^[\da-f-]{36}$/)
  await events.drop()
  await clock.advance(2_999)
  expect(events.clients).toEqual([])
  await clock.advance(3_001)
  expect(events.clients).toHaveLength(1)
  close()
})

test('Mercure: all topics are one request, and it goes on from its cursor', async () => {
  const { events, close } = serve('/.well-known/mercure', { captures: [] }, '')
  const { updates } = await import('./servers/mercure.ts')
  const heard: string[] = []
  updates.on('message', ({ data }) => heard.push(data.title))
  const [client] = await events.connected()
  expect(new URL(client?.request.url ?? '').searchParams.getAll('topic')).toHaveLength(2)
  const book = { '@id': 'https://example.com/books/1', title: 'Moby-Dick' }
  await events.send({ id: 'urn:uuid:5e94c686-2c0b-4f9b-958c-92ccc3bbb4eb', data: book })
  expect(heard).toEqual(['Moby-Dick'])
  await events.drop()
  await clock.advance(1_000)
  expect(events.clients[0]?.lastEventId).toBe('urn:uuid:5e94c686-2c0b-4f9b-958c-92ccc3bbb4eb')
  close()
})

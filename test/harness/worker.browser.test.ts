import { fakeEventServer } from '@millrace/testing'
import { setupWorker } from 'msw/browser'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { read } from './reading.ts'

// As a client has them that was there before the fake.
const { fetch: oldFetch, EventSource: OldEventSource } = globalThis.untouched

const events = fakeEventServer('/events')
const worker = setupWorker(...events.handlers)

beforeAll(async () => {
  await worker.start({ quiet: true, onUnhandledFrame: 'bypass' })
})
afterEach(() => events.reset())
afterAll(() => worker.stop())

test('a client that is older than the fake is an error that says what to do', async () => {
  const reading = read('/events', { fetcher: oldFetch })
  const old = new OldEventSource('/events')
  const opened = new Promise((resolve) => old.addEventListener('open', resolve))
  await opened
  await expect(events.send({ data: 'a' })).rejects.toThrow(
    /^Cannot say what client \d has: its fetch, or its EventSource, was taken from the page before the fake was there. Read events.handlers before the client is made, or give it events.fetch.$/,
  )
  old.close()
  reading.leave()
  // It says so again, unless the browser has told by now that they are gone.
  await events.reset().catch(() => {})
  const watched = read('/events')
  await events.send({ data: 'a' })
  expect(watched.text).toContain('data: a')
})

test('a client that reads once and no more does not keep the others waiting for ever', async () => {
  const lazy = await fetch('/events')
  const reading = read('/events')
  await events.send({ data: 'a' })
  expect([reading.text.includes('data: a'), lazy.bodyUsed]).toEqual([true, false])
  await lazy.body?.cancel()
  await events.flush()
  expect(events.clients).toHaveLength(1)
})

test('a client that leaves before its answer is gone', async () => {
  const reading = read('/events')
  const source = new EventSource('/events')
  reading.leave()
  source.close()
  await events.flush()
  expect([events.clients, reading.end, source.readyState]).toEqual([[], 'error', 2])
})

test('an EventSource that is refused is closed for good, and one that meets no server comes back', async () => {
  events.refuse({ status: 503 }, { times: 1 })
  const refused = new EventSource('/events')
  await events.flush()
  expect(refused.readyState).toBe(2)
  const returning = new EventSource('/events')
  await events.sendRaw('retry: 10\n\n')
  events.unreachable({ times: 1 })
  await events.drop()
  expect(returning.readyState).toBe(0)
  await events.connected()
  expect([returning.readyState, events.clients.length]).toEqual([1, 1])
  returning.close()
})

test('an EventSource is waited for while it is asking again, however often nobody answers', async () => {
  const source = new EventSource('/events')
  await events.sendRaw('retry: 1\n\n')
  for (let times = 1; times <= 10; times += 1) {
    events.unreachable({ times })
    await events.drop()
    await events.connected()
    expect([source.readyState, events.clients.length]).toEqual([1, 1])
  }
  source.close()
})

test('an EventSource that asks again and is kept waiting is not waited for', async () => {
  const source = new EventSource('/events')
  await events.sendRaw('retry: 1\n\n')
  events.withhold()
  await events.drop()
  await expect(events.connected()).rejects.toThrow(
    'all is quiet, and client 1 was dropped, client 2 is kept waiting for its answer.',
  )
  await events.release()
  expect(source.readyState).toBe(1)
  source.close()
})

test('an EventSource of before a reset is told that there is no more, and uses up nothing', async () => {
  const left = new EventSource('/events')
  const closed = new Promise<void>((resolve) => {
    left.addEventListener('error', () => {
      if (left.readyState === EventSource.CLOSED) resolve()
    })
  })
  await events.sendRaw('retry: 100\n\n')
  await events.drop()
  await events.reset()
  events.refuse({ status: 503 }, { times: 1 })
  await closed
  const refused = read('/events')
  await events.flush()
  expect(refused.response?.status).toBe(503)
  const fresh = new EventSource('/events')
  const [client] = await events.connected()
  expect([client?.number, events.clients.length]).toEqual([3, 1])
  fresh.close()
})

test('an EventSource follows a redirect', async () => {
  events.refuse({ status: 307, headers: { location: '/events?again' } }, { times: 1 })
  const source = new EventSource('/events')
  const seen: string[] = []
  source.addEventListener('message', ({ data }) => seen.push(data))
  const [client] = await events.connected()
  await events.send({ data: 'a' })
  expect([client?.number, client?.request.url, seen]).toEqual([
    2,
    `${location.origin}/events?again`,
    ['a'],
  ])
  source.close()
  await events.flush()
  expect(events.clients).toEqual([])
})

test('an EventSource looks to its page as it always did', async () => {
  const source = new EventSource('/events?a=%20,+&b#c')
  const seen: string[] = []
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- as a page may do it
  source.onmessage = ({ data }) => seen.push(data)
  const [client] = await events.connected()
  await events.sendChunks(['data: a\n', '\ndata: b\n\ndata: c', '\n\nid: 7\n', '\n'])
  expect(seen).toEqual(['a', 'b', 'c'])
  expect([
    source.url,
    client?.request.url,
    EventSource.name,
    source instanceof EventSource,
  ]).toEqual([
    `${location.origin}/events?a=%20,+&b#c`,
    `${location.origin}/events?a=%20,+&b#c`,
    'EventSource',
    true,
  ])
  source.close()
})

test('what is not the fake’s goes its own way', async () => {
  const response = await fetch('/mockServiceWorker.js')
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/javascript'])
})

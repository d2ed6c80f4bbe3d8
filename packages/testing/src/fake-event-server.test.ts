import { finiteReplay } from '@millrace/server'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fakeEventServer } from './index.ts'

const url = 'http://fake.test/events'
const events = fakeEventServer(url)
const kept = fakeEventServer('http://fake.test/kept', { replay: finiteReplay({ count: 10 }) })
const server = setupServer(...events.handlers, ...kept.handlers)

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(async () => {
  await events.reset()
  await kept.reset()
})
afterAll(() => server.close())

interface Reading {
  text: string
  chunks: Uint8Array[]
  end: 'open' | 'done' | 'error'
  response: Response | undefined
  error: unknown
}

function read(address = url, init?: RequestInit, fetcher = fetch): Reading {
  const reading: Reading = {
    text: '',
    chunks: [],
    end: 'open',
    response: undefined,
    error: undefined,
  }
  const decoder = new TextDecoder()
  async function run(): Promise<void> {
    try {
      reading.response = await fetcher(address, init)
      for await (const chunk of reading.response.body ?? []) {
        reading.chunks.push(chunk)
        reading.text += decoder.decode(chunk, { stream: true })
      }
      reading.end = 'done'
    } catch (error) {
      reading.end = 'error'
      reading.error = error
    }
  }
  void run()
  return reading
}

for (const [way, fetcher] of [
  ['through MSW', (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init)],
  ['directly', events.fetch],
] as const) {
  const open = (init?: RequestInit): Reading => read(url, init, fetcher)

  test(`${way}, an event is with its client when send resolves`, async () => {
    const reading = open()
    await events.connected()
    await events.send({ event: 'tick', data: { price: 1 } })
    expect(reading.text).toMatch(/^\n*id: fake\d*-\d+\nevent: tick\ndata: \{"price":1\}\n\n$/)
  })

  test(`${way}, a drop is an error to the reader, and an end is none`, async () => {
    const [first, second] = [open(), open()]
    const [client] = await events.connected({ count: 2 })
    await client?.drop()
    expect([first.end, second.end]).toEqual(['error', 'open'])
    expect(events.clients).toHaveLength(1)
    await events.end()
    expect([first.end, second.end]).toEqual(['error', 'done'])
    expect(events.clients).toHaveLength(0)
  })

  test(`${way}, a refusal carries status and headers, until the server accepts again`, async () => {
    events.refuse({ status: 503, headers: { 'retry-after': '2' } })
    const refused = open()
    await expect(events.connected()).rejects.toMatchObject({ code: 'not-connected' })
    expect(refused.response?.status).toBe(503)
    expect(refused.response?.headers.get('retry-after')).toBe('2')
    events.accept()
    const accepted = open()
    await events.connected()
    expect(accepted.response?.status).toBe(200)
  })

  test(`${way}, an unreachable server has no answer`, async () => {
    events.unreachable()
    const reading = open()
    await expect(events.connected()).rejects.toThrow(/client 1 could not reach the server/)
    expect(reading).toMatchObject({ end: 'error', response: undefined })
    expect(reading.error).toBeInstanceOf(TypeError)
  })

  test(`${way}, a method that opens no stream gets the answer of the engine`, async () => {
    const reading = open({ method: 'POST', body: 'hello' })
    await expect(events.connected()).rejects.toThrow('client 1 got 405')
    expect(reading.response?.status).toBe(405)
  })

  test(`${way}, a client that aborts is no longer connected`, async () => {
    const abort = new AbortController()
    const reading = open({ signal: abort.signal })
    await events.connected()
    abort.abort()
    await expect(events.connected()).rejects.toMatchObject({ code: 'not-connected' })
    expect(events.clients).toHaveLength(0)
    expect(reading.end).toBe('error')
    expect((reading.error as Error).name).toBe('AbortError')
  })
}

import { createPool, fetchTransport, multiplex, type RawEvent, type StreamError } from 'millrace'
import { expect, test } from 'vitest'
import { collectGarbage } from '../environment/garbage.ts'
import { listen } from './transport-client.ts'

const endless = [
  ['a line of data', 'data: ', ''],
  ['lines of data', 'data: ', '\ndata: '],
  ['an id', 'id: ', ''],
  ['ids', 'id: ', '\nid: '],
  ['a comment', ': ', ''],
  ['comments', ': ', '\n: '],
  ['an unknown field', 'foo: ', ''],
  ['unknown fields', 'foo: ', '\nfoo: '],
]

test.each(endless)(
  'of %s without end nothing is held, and the stream goes on',
  async (_what, begin, more) => {
    let chunks = 0
    let before = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          chunks += 1
          if (chunks === 10) before = heapUsed()
          if (chunks < 100) {
            controller.enqueue(Buffer.from(chunks === 1 ? begin : 'x'.repeat(50_000) + more))
            return
          }
          expect(heapUsed() - before).toBeLessThan(2_000_000)
          controller.enqueue(Buffer.from('\n\ndata: next\n\n'))
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    const transport = fetchTransport({
      fetch: () => Promise.resolve(response),
      maxEventSize: 100_000,
    })
    const { heard, until } = listen(transport, 'https://server.test/events')
    await until(() => heard.outcome !== undefined)
    expect(heard.events.map(({ data }) => data)).toEqual(['next'])
  },
)

test('a pool leaves out what is larger than its maxEventSize, and says so', async () => {
  const large = 'x'.repeat(200)
  const fetch = () =>
    Promise.resolve(
      new Response(`data: 1\n\nid: 2\ndata: ${large}\n\ndata: 3\n\n`, {
        headers: { 'content-type': 'text/event-stream' },
      }),
    )
  const told: unknown[] = []
  using pool = createPool({
    fetch,
    maxEventSize: 100,
    onError: ({ code }: StreamError) => told.push(code),
    onGap: ({ reason }) => told.push(reason),
  })
  const stream = pool.stream('https://server.test/events', { onEnd: 'complete' })
  for await (const { data, lastEventId } of stream.events('message')) told.push([data, lastEventId])
  expect(told.filter((one) => one !== 'too-large')).toEqual([
    ['1', ''],
    ['3', '2'],
  ])
  expect(told).toContain('too-large')
  expect(stream.gaps.value).toBe(1)
})

test('a maxEventSize that is no size is an error where it is written', () => {
  using pool = createPool()
  expect(() => pool.stream('/events', { maxEventSize: -1 })).toThrow(
    'Cannot use maxEventSize -1: it is not a number above 0.',
  )
})

test.each([
  ['the label of its id', undefined],
  ['its type', ({ type }: RawEvent) => type.split(':')[0]],
])('of an event that is over, no more is held than %s', async (_what, channelOf) => {
  const count = 500
  let before = 0
  let sent = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        before ||= heapUsed()
        sent += 1
        const name = `users/of-the-world/${sent}`
        const data = 'x'.repeat(30_000)
        controller.enqueue(Buffer.from(`id: ${name}@1\nevent: ${name}:x\ndata: ${data}\n\n`))
      },
    },
    { highWaterMark: 0 },
  )
  const headers = { 'content-type': 'text/event-stream' }
  const fetch = async () => new Response(body, { headers })
  using pool = createPool({ fetch, transport: 'fetch', channels: multiplex({ channelOf }) })
  await new Promise<void>((resolve) => {
    pool.stream('https://example.test/').on('*', () => {
      if (sent === count) resolve()
    })
  })
  expect(heapUsed() - before).toBeLessThan(10_000_000)
})

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

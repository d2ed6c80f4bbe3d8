import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fetchTransport } from 'millrace'
import { expect, test } from 'vitest'
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
          if (chunks < 400) {
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

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

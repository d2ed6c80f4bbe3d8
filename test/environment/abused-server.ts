// An event server in a process of its own, so that what its clients cost it can be measured: started with `fork`.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createEventServer, finiteReplay } from '@millrace/server'
import { serve } from '@millrace/server/node'

/** What it is told, and how it answers. */
export type Order =
  | { readonly what: 'publish'; readonly from: number; readonly to: number; readonly size: number }
  | { readonly what: 'name'; readonly count: number }
  | { readonly what: 'count' }
  | { readonly what: 'measure' }

/** What it has to say after each order; the first answer says where it listens. */
export interface Answer {
  readonly port: number
  readonly sessions: number
  /** Bytes, of objects and of buffers; after a collection of garbage, where it was told to measure. */
  readonly heap: number
  readonly buffers: number
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const events = createEventServer({
  maxBacklog: 64 * 1024,
  replay: finiteReplay({ count: 1_000, maxBytes: 8 * 1024 * 1024 }),
  epoch: 'e',
})
const { port } = await serve(events, { host: '127.0.0.1' })

function answer(): void {
  const { heapUsed, external } = process.memoryUsage()
  const { size } = events.sessions
  process.send?.({ port, sessions: size, heap: heapUsed, buffers: external } satisfies Answer)
}

async function obey(order: Order): Promise<void> {
  if (order.what === 'publish') {
    const filler = 'x'.repeat(order.size)
    for (let n = order.from; n < order.to; n++) {
      await events.publish('news', { data: `${n} ${filler}` })
      await new Promise(setImmediate)
    }
  } else if (order.what === 'name') {
    for (let n = 0; n < order.count; n++) await events.publish(`name/${n}`, { data: 'once' })
  }
  if (order.what === 'measure') collect()
  answer()
}

process.on('message', (order: Order) => void obey(order))
process.on('disconnect', () => process.exit())
answer()

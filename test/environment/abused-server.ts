// An event server in a process of its own, so that what its clients cost it can be measured: started with `fork`.
import { createEventServer, finiteReplay } from '@millrace/server'
import { serve } from '@millrace/server/node'
import { collectGarbage } from './garbage.ts'

/** What it is told, and how it answers. */
export type Order =
  | ({ readonly what: 'publish' } & Publishing)
  | { readonly what: 'name'; readonly count: number }
  | { readonly what: 'count' }
  | { readonly what: 'measure' }

/** Numbered events, each in a turn of its own. */
export interface Publishing {
  readonly channel: string
  readonly from: number
  readonly to: number
  /** Characters of each. */
  readonly size: number
}

/** What it has to say after each order; the first answer says where it listens. */
export interface Answer {
  readonly port: number
  readonly sessions: number
  /** Events written, each counted for each session. */
  readonly delivered: number
  /** Bytes, of objects and of buffers; after a collection of garbage, where it was told to measure. */
  readonly heap: number
  readonly buffers: number
}

const events = createEventServer({
  maxBacklog: 64 * 1024,
  replay: finiteReplay({ count: 1_000, maxBytes: 16 * 1024 * 1024 }),
  epoch: 'e',
})
const { port } = await serve(events, { host: '127.0.0.1' })

function answer(): void {
  const { heapUsed, external } = process.memoryUsage()
  const { sessions, stats } = events
  process.send?.({
    port,
    sessions: sessions.size,
    delivered: stats.delivered,
    heap: heapUsed,
    buffers: external,
  } satisfies Answer)
}

async function publish({ channel, from, to, size }: Publishing): Promise<void> {
  const filler = 'x'.repeat(size)
  for (let n = from; n < to; n++) {
    // Through bytes, for a string of its own: one that is put together shares its parts until it is first written.
    await events.publish(channel, { data: Buffer.from(`${n} ${filler}`).toString() })
    await new Promise(setImmediate)
  }
}

async function obey(order: Order): Promise<void> {
  if (order.what === 'publish') await publish(order)
  else if (order.what === 'name') {
    for (let n = 0; n < order.count; n++) await events.publish(`name/${n}`, { data: 'once' })
  }
  if (order.what === 'measure') {
    // Of buffers that one collection finds, the memory counts as given back with the next.
    collectGarbage()
    collectGarbage()
  }
  answer()
}

process.on('message', (order: Order) => void obey(order))
process.on('disconnect', () => process.exit())
answer()

import {
  createEventServer,
  finiteReplay,
  localProvider,
  type EventServer,
  type EventServerOptions,
} from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { EventSource } from 'eventsource'
import { createPool, json, type Gap, type Pool } from 'millrace'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { until } from '../environment/until.ts'

/** A server that can be killed without a word, and started again where it was. */
class MortalServer {
  events: EventServer | undefined
  #http: Server | undefined
  #port = 0
  readonly #options: () => EventServerOptions

  constructor(options: () => EventServerOptions) {
    this.#options = options
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/events`
  }

  async start(): Promise<void> {
    this.events = createEventServer(this.#options())
    this.#http = createServer(toNodeHandler(this.events))
    this.#http.listen(this.#port, '127.0.0.1')
    await once(this.#http, 'listening')
    this.#port = (this.#http.address() as AddressInfo).port
  }

  async kill(): Promise<void> {
    this.#http?.closeAllConnections()
    this.#http?.close()
    await this.events?.close()
  }
}

/** What outlives every server: the order of all events, and those that were published last. */
function sharedLog() {
  const provider = localProvider({ now: Date.now, epoch: 'log' })
  const replay = finiteReplay({ count: 10_000 })
  provider.subscribe((entry) => void replay.put(entry))
  const options: EventServerOptions = {
    provider: { ...provider, close: () => {} },
    replay: { put: () => {}, after: (query) => replay.after(query) },
    retry: 1,
  }
  let published = 0
  return {
    options,
    count: () => published,
    publish: () => {
      void provider.publish({ channels: ['a'], event: { event: 'tick', data: String(published) } })
      published += 1
    },
  }
}

let pool: Pool
let server: MortalServer
beforeEach(() => {
  pool = createPool({ retry: { initialDelay: 1, maxDelay: 2 } })
})
afterEach(async () => {
  pool.close()
  await server.kill()
})

for (const transport of ['fetch', 'event-source'] as const) {
  test(`a server that is killed and started a hundred times under load loses and doubles nothing over ${transport}`, async () => {
    const log = sharedLog()
    server = new MortalServer(() => log.options)
    await server.start()
    const gaps: Gap[] = []
    const stream = pool.stream(server.url, {
      transport,
      EventSource,
      events: { tick: json<number>() },
      onGap: (gap) => gaps.push(gap),
    })
    const heard: number[] = []
    stream.channel('a').on('tick', (event) => heard.push(event.data))
    await until(() => stream.status.value === 'open')
    for (let life = 0; life < rounds(100, 2_000); life += 1) {
      for (let n = 0; n < 10; n += 1) log.publish()
      // Some are on the wire, some are not, some come while there is no server.
      // oxlint-disable-next-line no-await-in-loop
      if (life % 3 > 0) await until(() => heard.length >= log.count() - 10)
      // oxlint-disable-next-line no-await-in-loop
      await server.kill()
      log.publish()
      // oxlint-disable-next-line no-await-in-loop
      await server.start()
    }
    await until(() => heard.length >= log.count())
    expect(heard).toEqual(Array.from({ length: log.count() }, (_, n) => n))
    expect(gaps).toEqual([])
  }, 300_000)
}

test('a server that comes back without its log says so, and the gap is told', async () => {
  server = new MortalServer(() => ({ replay: finiteReplay({ count: 100 }), retry: 1 }))
  await server.start()
  const gaps: Gap[] = []
  const heard: string[] = []
  const stream = pool.stream(server.url, { onGap: (gap) => gaps.push(gap) })
  stream.on('message', (event) => heard.push(event.data))
  await until(() => stream.status.value === 'open')
  await server.events?.broadcast({ data: 'before' })
  await until(() => heard.length === 1)
  for (let life = 1; life <= 5; life += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await server.kill()
    // oxlint-disable-next-line no-await-in-loop
    await server.start()
    // oxlint-disable-next-line no-await-in-loop
    await until(() => gaps.length === life)
  }
  await server.events?.broadcast({ data: 'after' })
  await until(() => heard.length === 2)
  expect(gaps).toEqual(Array.from({ length: 5 }, () => ({ reason: 'reset' })))
  expect(heard).toEqual(['before', 'after'])
})

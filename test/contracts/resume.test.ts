import { createEventServer, finiteReplay } from '@millrace/server'
import type { EventServer, Replay } from '@millrace/server'
import { createParser } from 'eventsource-parser'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

// A client that keeps its cursor, and everything it was sent, over as many connections as it takes.
class Client {
  readonly channels: readonly string[]
  readonly heard: string[] = []
  readonly #events: EventServer
  #cursor = ''
  #abort = new AbortController()
  #reading: Promise<void> = Promise.resolve()

  constructor(events: EventServer, channels: readonly string[]) {
    this.#events = events
    this.channels = channels
  }

  connect(): void {
    this.#abort = new AbortController()
    const query = this.channels.map((name) => `channel=${name}`).join('&')
    const request = new Request(`http://localhost/?${query}`, {
      headers: { 'last-event-id': this.#cursor },
      signal: this.#abort.signal,
    })
    this.#reading = this.#read(this.#events.fetch(request))
  }

  async drop(): Promise<void> {
    this.#abort.abort()
    await this.#reading
  }

  async end(): Promise<void> {
    await this.#reading
  }

  async #read(answer: Promise<Response>): Promise<void> {
    const parser = createParser({
      onId: (id) => (this.#cursor = id),
      onEvent: ({ data }) => this.heard.push(data),
    })
    try {
      const { body } = await answer
      const text = (body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream())
      for await (const chunk of text) parser.feed(chunk)
    } catch {
      // The connection was dropped.
    }
  }
}

// The same store, at another pace: it keeps and answers after as many microtasks as it is told.
function late(store: Replay, microtasks: readonly number[]): Replay {
  let turn = 0
  let kept: Promise<void> = Promise.resolve()
  const pause = async (): Promise<void> => {
    for (let n = microtasks[turn++ % microtasks.length] ?? 0; n > 0; n--) await Promise.resolve()
  }
  return {
    // One after the other, as a store that writes to a disk does.
    put: (entry) => (kept = kept.then(pause).then(() => store.put(entry))),
    after: async (query) => {
      await pause()
      return store.after(query)
    },
  }
}

const channel = fc.constantFrom('a', 'a/b', 'a/b/c', 'd', 'ab')
const step = fc.oneof(
  {
    weight: 4,
    // A large one is more than goes out of a replay at a time.
    arbitrary: fc.record({
      publish: fc.array(channel, { maxLength: 3 }),
      size: fc.constantFrom(0, 0, 0, 70_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ reconnect: fc.nat({ max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ wait: fc.nat({ max: 6 }) }) },
)
const plan = fc.record({
  clients: fc.array(fc.uniqueArray(channel, { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
  steps: fc.array(step, { maxLength: 40 }),
  pace: fc.option(fc.array(fc.nat({ max: 8 }), { minLength: 1 }), { nil: undefined }),
})

const hears = (own: readonly string[], published: readonly string[]): boolean =>
  published.length === 0 ||
  published.some((name) => own.some((one) => name === one || name.startsWith(`${one}/`)))

type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never

async function play({ clients, steps, pace }: Plan): Promise<void> {
  const store = finiteReplay({ count: 1000 })
  const events = createEventServer({ replay: pace ? late(store, pace) : store, epoch: 'e' })
  const players = clients.map((channels) => new Client(events, channels))
  const published: { readonly data: string; readonly channels: readonly string[] }[] = []
  const publish = (channels: readonly string[], size = 0): void => {
    const data = String(published.length).padEnd(size, '-')
    published.push({ data, channels })
    void (channels.length === 0 ? events.broadcast({ data }) : events.publish(channels, { data }))
  }
  for (const player of players) player.connect()
  // Everyone has a cursor from here on.
  publish([])
  await events.broadcast({ comment: 'delivered' })
  await new Promise(setImmediate)
  for (const one of steps) {
    if ('publish' in one) publish(one.publish, one.size)
    else if ('wait' in one) for (let n = one.wait; n > 0; n--) await Promise.resolve()
    else {
      await players[one.reconnect]?.drop()
      players[one.reconnect]?.connect()
    }
  }
  await new Promise(setImmediate)
  await events.close()
  for (const player of players) {
    await player.end()
    const due = published.filter(({ channels }) => hears(player.channels, channels))
    expect(player.heard).toEqual(due.map(({ data }) => data))
  }
}

test('a client that resumes hears everything once and in order, whatever is published meanwhile', async () => {
  await fc.assert(fc.asyncProperty(plan, play), { numRuns: 300 })
})

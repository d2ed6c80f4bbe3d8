import { covers, createBroker } from '@millrace/server'
import type { Broker, BrokerStream } from '@millrace/server'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'

type Result = IteratorResult<number, undefined>

/** A stream, and what it is to give. */
interface Reader {
  readonly stream: BrokerStream<number>
  readonly channels: readonly string[]
  readonly abort: AbortController
  /** All that it hears, read or not; no more once it has ended. */
  readonly due: number[]
  readonly asked: Promise<Result>[]
  ended: boolean
}

const channel = fc.constantFrom('a', 'a/b', 'a/b/c', 'd', 'ab', '/')
const channels = fc.uniqueArray(channel, { maxLength: 3 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ publish: channels }) },
  { weight: 2, arbitrary: fc.record({ subscribe: channels }) },
  { weight: 6, arbitrary: fc.record({ next: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ clone: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ end: fc.nat(), how: fc.constantFrom('abort', 'return') }) },
  { weight: 1, arbitrary: fc.record({ turns: fc.nat({ max: 3 }) }) },
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const hears = (own: readonly string[], published: readonly string[]): boolean =>
  published.length === 0 || published.some((name) => own.some((one) => covers(one, name)))

class Play {
  readonly readers: Reader[] = []
  readonly #broker: Broker<number> = createBroker()
  #published = 0

  async take(one: Step): Promise<void> {
    if ('publish' in one) this.#publish(one.publish)
    else if ('subscribe' in one) this.#subscribe(one.subscribe)
    else if ('turns' in one) for (let n = one.turns; n > 0; n--) await Promise.resolve()
    else if ('next' in one) this.#with(one.next, ({ stream, asked }) => asked.push(stream.next()))
    else if ('clone' in one) this.#with(one.clone, (reader) => this.#clone(reader))
    else this.#with(one.end, (reader) => end(reader, one.how))
  }

  async close(): Promise<void> {
    this.#broker.close()
    for (const reader of this.readers) {
      for (let n = reader.due.length; n >= 0; n--) reader.asked.push(reader.stream.next())
    }
  }

  #with(pick: number, act: (reader: Reader) => void): void {
    const reader = this.readers[pick % this.readers.length]
    if (reader) act(reader)
  }

  #publish(names: readonly string[]): void {
    const value = (this.#published += 1)
    if (names.length === 0) this.#broker.broadcast(value)
    else this.#broker.publish(names, value)
    for (const reader of this.readers) {
      if (!reader.ended && hears(reader.channels, names)) reader.due.push(value)
    }
  }

  #subscribe(names: readonly string[]): void {
    const abort = new AbortController()
    const stream = this.#broker.subscribe(names, { signal: abort.signal })
    this.readers.push({ stream, channels: names, abort, due: [], asked: [], ended: false })
  }

  #clone(source: Reader): void {
    const abort = new AbortController()
    const stream = source.stream.clone({ signal: abort.signal })
    const due = source.ended ? [] : source.due.slice(source.asked.length)
    this.readers.push({ ...source, stream, abort, due, asked: [] })
  }
}

function end(reader: Reader, how: string): void {
  if (how === 'abort') reader.abort.abort()
  else void reader.stream.return()
  // What it has not been asked for by now it never gives.
  if (!reader.ended) reader.due.splice(reader.asked.length)
  reader.ended = true
}

test('every stream gives all that is published after its start once and in order, and then ends', async () => {
  const plan = fc.array(step, { maxLength: 60 })
  const holds = fc.asyncProperty(plan, async (steps) => {
    const play = new Play()
    for (const one of steps) await play.take(one)
    await play.close()
    for (const { asked, due } of play.readers) {
      const results = await Promise.all(asked)
      const values = results.slice(0, due.length).map(({ value }) => value)
      expect(values).toEqual(due)
      expect(results.slice(due.length).every(({ done }) => done)).toBe(true)
    }
  })
  await fc.assert(holds, { numRuns: rounds(500, 50_000) })
})

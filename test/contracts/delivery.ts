import { fakeEventServer } from '@millrace/testing'
import type { FakeEventServer } from '@millrace/testing'
import { EventSource } from 'eventsource'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

/** A fake in its place. */
export interface Mounted {
  readonly fetch: typeof fetch
  /** Takes it away. */
  readonly close: () => void
  /** The class of the page, where it is to be tried too. */
  readonly EventSource?: typeof globalThis.EventSource
}

/** Where the facts about delivery are to hold. */
export interface DeliverySetting {
  readonly name: string
  /** Puts the fake where `fetch` finds it. */
  readonly mount: (events: FakeEventServer) => Mounted | Promise<Mounted>
  readonly fakeTimers?: boolean
}

interface Reader {
  /** The payloads it has got. */
  readonly got: string[]
  readonly expected: string[]
  readonly channel: string | undefined
  readonly close: () => void
}

const origin = (globalThis as { location?: Location }).location?.origin ?? 'http://localhost:3000'
const url = `${origin}/events`
const STEPS = 250

/** One list of facts, for each way in which clients reach a fake. */
export function deliveryFacts(setting: DeliverySetting): void {
  describe(`a fake server ${setting.name}`, () => {
    facts(setting)
  })
}

function facts({ name, mount, fakeTimers = false }: DeliverySetting): void {
  const events = fakeEventServer(url)
  let mounted: Mounted

  beforeAll(async () => {
    mounted = await mount(events)
  })
  afterAll(() => mounted.close())
  beforeEach(() => {
    if (fakeTimers) vi.useFakeTimers({ toNotFake: ['setImmediate', 'clearImmediate'] })
  })
  afterEach(async () => {
    await events.reset()
    vi.useRealTimers()
  })

  function open(kind: number, channel: string | undefined, late: number): Reader {
    const target = channel === undefined ? url : `${url}?channel=${channel}`
    const reader = { got: [] as string[], expected: [] as string[], channel }
    const { EventSource: native } = mounted
    const close = kind === 0 ? (native && late % 2 === 0 ? ofPage(native) : sourced) : read
    return { ...reader, close: close({ target, got: reader.got, late }) }
  }

  function ofPage(native: typeof globalThis.EventSource): (reading: Read) => () => void {
    return ({ target, got }) => {
      const source = new native(target)
      source.addEventListener('message', ({ data }: MessageEvent<string>) => void got.push(data))
      return () => source.close()
    }
  }

  function sourced({ target, got }: { target: string; got: string[] }): () => void {
    const source = new EventSource(target, { fetch: mounted.fetch })
    source.addEventListener('message', ({ data }: { data: string }) => void got.push(data))
    return () => source.close()
  }

  interface Read {
    readonly target: string
    readonly got: string[]
    readonly late: number
  }

  function read({ target, got, late }: Read): () => void {
    const abort = new AbortController()
    async function run(): Promise<void> {
      const response = await mounted.fetch(target, { signal: abort.signal })
      const reader = response.body?.getReader()
      const decoder = new TextDecoder()
      let rest = ''
      for (;;) {
        const { done = true, value } = (await reader?.read()) ?? {}
        if (done) return
        for (let turns = 0; turns < late; turns += 1) await Promise.resolve()
        const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          const data = block.split('\n').find((line) => line.startsWith('data: '))
          if (data) got.push(data.slice('data: '.length))
        }
      }
    }
    run().catch(() => {})
    return () => abort.abort()
  }

  for (const seed of [1, 2]) {
    test(`${name}: whatever happens (seed ${seed}), all has arrived when the promise resolves`, async () => {
      const random = randomOf(seed)
      const below = (bound: number): number => Math.floor(random() * bound)
      let readers: Reader[] = []
      let sent = 0
      const expectOf = (reader: Reader): void => void reader.expected.push(`${sent} äöü €`)

      const operations: (() => Promise<unknown>)[] = [
        async () => {
          const channel = ['pets', 'pets/dogs', undefined][below(3)]
          readers.push(open(below(2), channel, below(20)))
          await events.connected({ count: readers.length })
        },
        async () => {
          sent += 1
          readers.forEach(expectOf)
          await events.send({ data: `${sent} äöü €` }, { allowNone: true })
        },
        async () => {
          sent += 1
          readers.filter(({ channel }) => channel !== undefined).forEach(expectOf)
          await events.channel('pets/dogs').send({ data: `${sent} äöü €` }, { allowNone: true })
        },
        async () => {
          sent += 1
          readers.forEach(expectOf)
          const bytes = new TextEncoder().encode(`data: ${sent} äöü €\n\n`)
          const cut = below(bytes.length)
          const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)]
          await events.sendChunks(pieces, { allowNone: true })
        },
        async () => {
          const all = Array.from({ length: 1 + below(5) }, () => {
            sent += 1
            readers.forEach(expectOf)
            return events.send({ data: `${sent} äöü €` }, { allowNone: true })
          })
          await Promise.all(all)
        },
        async () => {
          if (readers.length < 3) return
          const at = below(readers.length)
          readers[at]?.close()
          readers = readers.toSpliced(at, 1)
          await events.connected()
        },
        async () => {
          if (readers.length < 3) return
          const at = below(readers.length)
          await events.clients[at]?.[below(2) === 0 ? 'drop' : 'end']()
          readers[at]?.close()
          readers = readers.toSpliced(at, 1)
        },
      ]
      for (let step = 0; step < STEPS; step += 1) {
        await operations[step === 0 ? 0 : below(operations.length)]?.()
        expect(readers.map(({ got }) => got)).toEqual(readers.map(({ expected }) => expected))
        expect(events.clients).toHaveLength(readers.length)
        if (readers.length > 6) {
          readers.pop()?.close()
          await events.connected()
        }
      }
      for (const reader of readers) reader.close()
    })
  }

  test(`${name}: chunks keep their borders, inside characters and line ends too`, async () => {
    const chunks: Uint8Array[] = []
    const run = async (): Promise<void> => {
      const reader = (await mounted.fetch(url)).body?.getReader()
      for (;;) {
        const { done = true, value } = (await reader?.read()) ?? {}
        if (done) return
        if (value && value.length > 0) chunks.push(value)
      }
    }
    void run()
    await events.connected()
    const bytes = new TextEncoder().encode('data: €😀\r\n\r\ndata: ü\r\rdata: ñ\n\n')
    for (const size of [1, 2, 3, 7]) {
      chunks.length = 0
      const pieces: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
      await events.sendChunks(pieces)
      expect(chunks.map((chunk) => [...chunk])).toEqual(pieces.map((piece) => [...piece]))
    }
  })

  test(`${name}: two runs give the same log`, async () => {
    const run = async (): Promise<unknown> => {
      const reader = open(1, 'pets', 0)
      await events.connected()
      void events.send({ data: 'a', id: '1' })
      void events.channel('pets').send({ data: 'b', id: '2' })
      await events.end()
      reader.close()
      const { log } = events
      await events.reset()
      return log
    }
    expect(await run()).toEqual(await run())
  })
}

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

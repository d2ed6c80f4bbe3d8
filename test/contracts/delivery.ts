import { fakeEventServer } from '@millrace/testing'
import type { FakeEventServer } from '@millrace/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { origin } from '../harness/place.ts'
import { quietPage } from '../harness/quiet.ts'
import { read } from '../harness/reading.ts'

/** Where the facts about delivery are to hold. */
export interface DeliverySetting {
  readonly name: string
  /** Puts the fake where `fetch` finds it. */
  readonly mount: (events: FakeEventServer) => Mounted | Promise<Mounted>
  readonly fakeTimers?: boolean
}

/** A fake in its place. */
export interface Mounted {
  readonly fetch: typeof fetch
  /** Takes it away. */
  readonly close: () => void
}

const url = `${origin}/delivery`

/** One list of facts, for each way in which clients reach a fake; what is random about it is in `harness/soak.ts`. */
export function deliveryFacts(setting: DeliverySetting): void {
  describe(`a fake server ${setting.name}`, () => {
    facts(setting)
  })
}

function facts({ mount, fakeTimers = false }: DeliverySetting): void {
  const events = fakeEventServer(url)
  let mounted: Mounted

  quietPage()
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

  const open = (target = url) => read(target, { fetcher: mounted.fetch })

  test('what is sent has arrived when send resolves, whatever its size', async () => {
    const readings = [open(), open(), open()]
    await events.connected({ count: 3 })
    for (const size of [1, 10_000, 1_000_000]) {
      const data = 'ä'.repeat(size)
      await events.send({ data })
      for (const { text } of readings) expect(text.endsWith(`data: ${data}\n\n`)).toBe(true)
    }
    for (const { leave } of readings) leave()
  })

  test('what is sent without waiting arrives in order, all of it', async () => {
    const reading = open()
    await events.connected()
    const all = Array.from({ length: 100 }, (_, index) => `event ${index}`)
    for (const data of all) void events.send({ data })
    await events.flush()
    expect([...reading.text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data)).toEqual(all)
    reading.leave()
  })

  test('an end and a drop have been seen when they resolve, and so has a leave', async () => {
    const [ended, dropped, left] = [open(), open(), open()]
    const [first, second] = await events.connected({ count: 3 })
    await Promise.all([first?.end(), second?.drop()])
    expect([ended.end, dropped.end, left.end]).toEqual(['done', 'error', undefined])
    left.leave()
    await events.flush()
    expect([left.end, events.clients]).toEqual(['error', []])
  })

  test('chunks keep their borders, inside characters and line ends too', async () => {
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

  test('two runs give the same log', async () => {
    const run = async (): Promise<unknown> => {
      const reading = open(`${url}?channel=pets`)
      await events.connected()
      void events.send({ data: 'a', id: '1' })
      void events.channel('pets').send({ data: 'b', id: '2' })
      await events.end()
      reading.leave()
      const { log } = events
      await events.reset()
      return log
    }
    expect(await run()).toEqual(await run())
  })
}

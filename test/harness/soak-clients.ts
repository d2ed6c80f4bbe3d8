import type { FakeEventServer } from '@millrace/testing'
import { EventSource as FetchingEventSource } from 'eventsource'
import { read } from './reading.ts'

/** A client of the soak: what it was told since one last looked, and the way out. */
export interface SoakClient {
  readonly channel: string | undefined
  /** The payloads that have come since the last look. */
  readonly take: () => string[]
  readonly leave: () => void
}

/** How a client comes to be. */
interface Opening {
  readonly url: string
  readonly channel: string | undefined
  /** Microtasks that it takes over each chunk. */
  readonly late: number
}

/** Makes clients of a kind. */
export type Kind = (opening: Opening) => SoakClient

/** Reads bytes, slowly, and finds the payloads itself. */
function byFetch(fetcher: typeof fetch): Kind {
  return ({ url, channel, late }) => {
    const got: string[] = []
    const abort = new AbortController()
    async function run(): Promise<void> {
      const response = await fetcher(url, { signal: abort.signal })
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
          if (data !== undefined) got.push(data.slice(6))
        }
      }
    }
    run().catch(() => {})
    return { channel, take: () => got.splice(0), leave: () => abort.abort() }
  }
}

/** Reads through streams that stand behind each other. */
function byPipe(fetcher: typeof fetch): Kind {
  return ({ url, channel }) => {
    const got: string[] = []
    const abort = new AbortController()
    async function run(): Promise<void> {
      const { body } = await fetcher(url, { signal: abort.signal })
      let rest = ''
      const sink = new WritableStream<string>({
        write: (text) => {
          const lines = (rest + text).split('\n')
          rest = lines.pop() ?? ''
          for (const line of lines) if (line.startsWith('data: ')) got.push(line.slice(6))
        },
      })
      await (body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream()).pipeTo(sink)
    }
    run().catch(() => {})
    return { channel, take: () => got.splice(0), leave: () => abort.abort() }
  }
}

/** An `EventSource`: the package's over a `fetch`, or the page's own. */
export function byEventSource(create: (url: string) => EventTarget & { close: () => void }): Kind {
  return ({ url, channel }) => {
    const got: string[] = []
    const source = create(url)
    source.addEventListener('message', (event) => {
      got.push((event as MessageEvent<string>).data)
    })
    return { channel, take: () => got.splice(0), leave: () => source.close() }
  }
}

/** The kinds that there are everywhere. */
export function kindsOver(fetcher: typeof fetch): readonly Kind[] {
  return [
    byFetch(fetcher),
    byPipe(fetcher),
    byEventSource((url) => new FetchingEventSource(url, { fetch: fetcher })),
  ]
}

/** Asks and is sent away: what the fake says to the next so many. */
export async function refusedOnes(
  events: FakeEventServer,
  fetcher: typeof fetch,
  count: number,
): Promise<readonly (number | undefined)[]> {
  const readings = Array.from({ length: count }, () => read(events.address, { fetcher }))
  await events.flush()
  const statuses = readings.map(({ response }) => response?.status)
  for (const reading of readings) reading.leave()
  await events.flush()
  return statuses
}

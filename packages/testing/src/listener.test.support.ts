import { afterEach } from 'vitest'
import { fakeEventServer } from './index.ts'
import type { FakeEventServer, FakeEventServerOptions } from './index.ts'

/** What has come to a client. */
export interface Listener {
  readonly data: string[]
  text: string
  status?: number
  ended?: boolean
}

const fakes: FakeEventServer[] = []

afterEach(async () => {
  await Promise.all(fakes.splice(0).map((events) => events.reset()))
})

/** A fake at `/events`, reset after its test. */
export function fake<Data = undefined>(options?: FakeEventServerOptions<Data>): FakeEventServer {
  const events = fakeEventServer<Data>('/events', options)
  fakes.push(events)
  return events
}

/** A client that reads to the end. */
export function listen(events: FakeEventServer, query = '', init: RequestInit = {}): Listener {
  const listener: Listener = { data: [], text: '' }
  async function run(): Promise<void> {
    const response = await events.fetch(`/events${query}`, init)
    listener.status = response.status
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk)
      listener.text += text
      for (const [, data = ''] of text.matchAll(/^data: (.*)$/gm)) listener.data.push(data)
    }
    listener.ended = true
  }
  run().catch(() => {})
  return listener
}

/** A client that comes back. */
export function resume(events: FakeEventServer, id: string): Listener {
  return listen(events, '', { headers: { 'last-event-id': id } })
}

/** The last id that a client was told. */
export function cursorOf({ text }: Listener): string {
  return [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? ''
}

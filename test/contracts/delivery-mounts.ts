import type { FakeEventServer } from '@millrace/testing'
import { setupServer } from 'msw/node'
import type { DeliverySetting, Mounted } from './delivery.ts'

function throughMsw(events: FakeEventServer): Mounted {
  const server = setupServer(...events.handlers)
  server.listen({ onUnhandledFrame: 'error' })
  return { fetch: (input, init) => fetch(input, init), close: () => server.close() }
}

function directly(events: FakeEventServer): Mounted {
  return { fetch: events.fetch, close: () => {} }
}

/** The ways in which a fake is reached in Node, with and without faked timers. */
export const nodeSettings: readonly DeliverySetting[] = [
  { name: 'through MSW', mount: throughMsw },
  { name: 'through MSW with faked timers', mount: throughMsw, fakeTimers: true },
  { name: 'directly', mount: directly },
  { name: 'directly with faked timers', mount: directly, fakeTimers: true },
]

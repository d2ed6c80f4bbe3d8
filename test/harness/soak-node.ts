import type { FakeEventServer } from '@millrace/testing'
import { setupServer } from 'msw/node'
import { quietPage } from './quiet.ts'
import { kindsOver } from './soak-clients.ts'
import { soak } from './soak.ts'

const global: typeof fetch = (input, init) => fetch(input, init)

/** The soak in Node, with or without a simulated page: through MSW, and directly. */
export function soakInNode(name: string): void {
  quietPage()
  soak({
    name: `${name}, through MSW`,
    canFakeTimers: true,
    mount: async (events: FakeEventServer) => {
      const server = setupServer(...events.handlers)
      server.listen({ onUnhandledFrame: 'error' })
      return { fetch: global, kinds: kindsOver(global), unmount: () => server.close() }
    },
  })
  soak({
    name: `${name}, directly`,
    canFakeTimers: true,
    mount: async ({ fetch: direct }) => ({
      fetch: direct,
      kinds: kindsOver(direct),
      unmount: () => {},
    }),
  })
}

import { setupWorker } from 'msw/browser'
import { byEventSource, kindsOver } from './soak-clients.ts'
import { soak } from './soak.ts'

const global: typeof fetch = (input, init) => fetch(input, init)

soak({
  name: 'Chromium, through a Service Worker',
  canFakeTimers: true,
  mount: async (events) => {
    const worker = setupWorker(...events.handlers)
    await worker.start({ quiet: true, onUnhandledFrame: 'bypass' })
    return {
      fetch: global,
      kinds: [...kindsOver(global), byEventSource((url) => new EventSource(url))],
      unmount: () => worker.stop(),
    }
  },
})

soak({
  name: 'Chromium, directly',
  canFakeTimers: true,
  mount: async ({ fetch: direct }) => ({
    fetch: direct,
    kinds: kindsOver(direct),
    unmount: () => {},
  }),
})

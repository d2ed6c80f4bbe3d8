import { setupWorker } from 'msw/browser'
import { vi } from 'vitest'
import { deliveryFacts } from './delivery.ts'

deliveryFacts({
  name: 'directly',
  mount: (events) => ({ fetch: events.fetch, close: () => {} }),
})

for (const quiet of [true, false]) {
  deliveryFacts({
    name: `through a Service Worker that is ${quiet ? 'quiet' : 'not quiet'}`,
    mount: async (events) => {
      for (const say of ['log', 'groupCollapsed', 'groupEnd'] as const) {
        vi.spyOn(console, say).mockImplementation(() => {})
      }
      const worker = setupWorker(...events.handlers)
      await worker.start({ quiet, onUnhandledFrame: 'bypass' })
      return { fetch: (input, init) => fetch(input, init), close: () => worker.stop() }
    },
  })
}

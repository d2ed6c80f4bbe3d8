import { setupWorker } from 'msw/browser'
import type { Place } from './place.ts'

/** A real browser. */
export const browserPlace: Place = {
  name: 'Chromium',
  isBrowser: true,
  start: async (...handlers) => {
    const worker = setupWorker(...handlers)
    await worker.start({ quiet: true, onUnhandledFrame: 'bypass' })
    return () => worker.stop()
  },
}

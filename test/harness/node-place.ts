import { setupServer } from 'msw/node'
import type { Place } from './place.ts'

/** Node, with or without a simulated page. */
export function nodePlace(name: string): Place {
  return {
    name,
    isBrowser: false,
    start: async (...handlers) => {
      const server = setupServer(...handlers)
      server.listen({ onUnhandledFrame: 'error' })
      return () => server.close()
    },
  }
}

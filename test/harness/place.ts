import type { HttpHandler } from 'msw/http'

/** Where clients and fakes meet. */
export interface Place {
  readonly name: string
  /** Puts handlers into MSW; what it returns takes them out again. */
  readonly start: (...handlers: readonly HttpHandler[]) => Promise<() => void>
  /** Whether there is a Service Worker between, and the browser's own `EventSource`. */
  readonly isBrowser: boolean
}

/** What absolute addresses begin with. */
export const origin: string =
  (globalThis as { location?: Location }).location?.origin ?? 'http://localhost'

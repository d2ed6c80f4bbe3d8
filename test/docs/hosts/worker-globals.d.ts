// What a service worker has and a page has not: TypeScript's own declarations of the two exclude each other.
interface ExtendableEvent extends Event {
  readonly waitUntil: (promise: Promise<unknown>) => void
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request
  readonly respondWith: (response: Response | Promise<Response>) => void
}

interface WindowEventMap {
  install: ExtendableEvent
  activate: ExtendableEvent
  fetch: FetchEvent
}

declare const clients: { readonly claim: () => Promise<void> }
declare function skipWaiting(): Promise<void>

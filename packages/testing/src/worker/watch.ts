import type { Matches } from '../address.ts'
import type { PageClient, Watch } from './page-client.ts'
import { watchEventSource } from './watched-event-source.ts'
import { watchFetch } from './watched-fetch.ts'

const clients = new Map<string, PageClient>()
const addresses = new Set<Matches>()

/** Watches those clients of this page that ask for an address from now on. */
export function watch(matches: Matches): void {
  const isFirst = addresses.size === 0
  addresses.add(matches)
  if (!isFirst) return
  const page: Watch = {
    isWatched: (url) => [...addresses].some((matchesOne) => matchesOne(url)),
    add: (client) => {
      clients.set(client.id, client)
      client.gone.addEventListener('abort', () => clients.delete(client.id))
    },
  }
  watchFetch(page)
  if ('EventSource' in globalThis) watchEventSource(page)
}

/** The client with this id, until it has left. */
export function clientWith(id: string): PageClient | undefined {
  return clients.get(id)
}

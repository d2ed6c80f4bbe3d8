import type { Matches } from '../address.ts'
import { hasImmediates } from '../turn.ts'
import { markLocation } from './mark.ts'
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
    isWatched,
    add: (client) => {
      clients.set(client.id, client)
      client.gone.addEventListener('abort', () => clients.delete(client.id))
    },
  }
  watchFetch(page)
  // Without a browser it is somebody's own, and fetches; turns say what has become of it.
  if (!hasImmediates) watchEventSource(page)
}

/** The answer to a client, which stays that client wherever it is sent on to. */
export function keepMark(response: Response, request: Request): Response {
  return markLocation(response, request, isWatched)
}

function isWatched(url: string): boolean {
  return [...addresses].some((matchesOne) => matchesOne(url))
}

/** The client with this id, until it has left. */
export function clientWith(id: string): PageClient | undefined {
  return clients.get(id)
}

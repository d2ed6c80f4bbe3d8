// hosts/service-worker.ts
import { createEventServer, finiteReplay } from '@millrace/server'

const events = createEventServer({
  replay: finiteReplay({ count: 100 }),
  onConnect: () => tellCount(),
  onDisconnect: () => tellCount(),
})

addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url)
  if (pathname === '/events') event.respondWith(events.fetch(event.request))
})
addEventListener('message', ({ data }) => void events.publish('notes', { data }))

function tellCount(): void {
  void events.broadcast({ event: 'readers', data: events.sessions.size })
}

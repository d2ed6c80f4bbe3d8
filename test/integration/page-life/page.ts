import { createPool, type ConnectionSnapshot } from 'millrace'

// A page that reads one stream, and shows a test what it heard.
const params = new URLSearchParams(location.search)
const pool = createPool({ retry: { initialDelay: 1, maxDelay: 2 }, linger: 0 })
const stream = pool.stream('/events', {
  transport: params.get('transport') === 'event-source' ? 'event-source' : 'fetch',
  resume: params.has('resume') ? sessionStorage : undefined,
})
const heard: string[] = []
const standings: string[] = []
let restored = false
addEventListener('pageshow', ({ persisted }) => (restored ||= persisted))
stream.on('message', (event) => heard.push(event.data))
pool.connections.subscribe((all) => {
  const { status, holds } = all[0] ?? ({ status: 'idle', holds: [] } as Partial<ConnectionSnapshot>)
  const standing = [status, ...(holds ?? [])].join(' ')
  if (standings.at(-1) !== standing) standings.push(standing)
})

Object.assign(globalThis, {
  told: () => ({ heard, standings, restored, status: stream.status.value }),
})

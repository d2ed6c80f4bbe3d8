import { createPool, type Trace } from 'millrace'
import { shareTabs } from 'millrace/tabs'

// A tab that reads one stream, shared with the other tabs, and shows a test what it heard.
const params = new URLSearchParams(location.search)
const traces: Pick<Trace, 'event' | 'because'>[] = []
const tabs = shareTabs({ scope: params.get('scope') ?? 'ada' })
const pool = createPool({
  retry: { initialDelay: 1, maxDelay: 2 },
  linger: 0,
  tabs,
  onTrace: ({ event, because }) => traces.push({ event, because }),
})
const heard: string[] = []
const once = params.get('once')
const stream = pool.stream('/events', {
  transport: params.get('transport') === 'event-source' ? 'event-source' : 'fetch',
  ...(once === 'post' && { method: 'POST', body: 'all' }),
  ...(once === 'finite' && { onEnd: 'complete' as const }),
})
let restored = false
addEventListener('pageshow', ({ persisted }) => (restored ||= persisted))
stream.on('message', (event) => heard.push(event.data))

Object.assign(globalThis, {
  told: () => ({
    heard,
    restored,
    status: stream.status.value,
    role: pool.connections.value[0]?.tab,
    because: traces.findLast(({ because }) => because !== undefined)?.because,
  }),
  setScope: (scope: string) => tabs.setScope(scope),
  hang: (milliseconds: number) => {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
  },
})

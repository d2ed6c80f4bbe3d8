import { createPool, type Trace } from 'millrace'
import { shareTabs } from 'millrace/tabs'

// A tab that reads one stream, shared with the other tabs, and shows a test what it heard: numbers, one more each time.
const params = new URLSearchParams(location.search)
const traces: Pick<Trace, 'event' | 'because'>[] = []
const tabs = shareTabs({ scope: params.get('scope') ?? 'ada' })
const pool = createPool({
  retry: { initialDelay: 1, maxDelay: 2 },
  linger: 0,
  tabs,
  onTrace: ({ event, because }) => traces.push({ event, because }),
})
const once = params.get('once')
const stream = pool.stream('/events', {
  transport: params.get('transport') === 'event-source' ? 'event-source' : 'fetch',
  ...(once === 'post' && { method: 'POST', body: 'all' }),
  ...(once === 'finite' && { onEnd: 'complete' as const }),
})
let first: number | undefined
let last = 0
const faults: string[] = []
let restored = 0
const waiting = new Map<number, () => void>()

stream.on('message', ({ data }) => {
  const number = Number(data)
  first ??= number
  if (last !== 0 && number !== last + 1) faults.push(`${number} came after ${last}`)
  last = number
  const reached = waiting.get(number)
  waiting.delete(number)
  reached?.()
})
addEventListener('pageshow', ({ persisted }) => (restored += Number(persisted)))

/** What a tab heard, and what its part is. */
export interface Tally {
  /** The first number it heard. */
  readonly first: number | undefined
  readonly last: number
  /** What did not come after the one before. */
  readonly faults: readonly string[]
  /** How often it came back from the back/forward cache. */
  readonly restored: number
  readonly status: string
  readonly role: string | undefined
  /** Why it has the part that it has. */
  readonly because: string | undefined
}

const tally = (): Tally => ({
  first,
  last,
  faults,
  restored,
  status: stream.status.value,
  role: pool.connections.value[0]?.tab,
  because: traces.findLast(({ because }) => because !== undefined)?.because,
})

Object.assign(globalThis, {
  tally,
  /** Resolves once this number, or a later one, was heard. */
  heard: async (number: number): Promise<void> => {
    if (last >= number) return
    await new Promise<void>((resolve) => waiting.set(number, resolve))
  },
  setScope: (scope: string) => tabs.setScope(scope),
  hang: (milliseconds: number) => {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
  },
})

import { createPool, type Trace } from 'millrace'
import { shareTabs } from 'millrace/tabs'

// A tab that reads one stream, shared with the other tabs, and shows a test what it heard: numbers, one more each time.
const params = new URLSearchParams(location.search)
let because: Trace['because']
const tabs = shareTabs({ scope: params.get('scope') ?? 'ada' })
const pool = createPool({
  retry: { initialDelay: 1, maxDelay: 2 },
  linger: 0,
  tabs,
  onTrace: (trace) => {
    if (trace.because === undefined) return
    ;({ because } = trace)
    console.debug(new Date().toISOString(), trace.event, because)
  },
})
const sent = params.get('once')
const stream = pool.stream('/events', {
  transport: params.get('transport') === 'event-source' ? 'event-source' : 'fetch',
  ...(sent === 'post' && { method: 'POST', body: 'all' }),
  ...(sent === 'finite' && { onEnd: 'complete' as const }),
})
let first: number | undefined
let last = 0
const faults: string[] = []
let restored = 0
const waiting = new Map<number, () => void>()
/** Each looks whether what it waits for is a fact by now. */
const looks = new Set<() => void>()

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
for (const store of [stream.status, pool.connections]) {
  store.subscribe(() => looks.forEach((look) => look()))
}

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
  /** Whether it is open, and has a part. */
  readonly isIn: boolean
}

function tally(): Tally {
  const status = stream.status.value
  const role = pool.connections.value[0]?.tab
  const isIn = status === 'open' && role !== undefined
  return { first, last, faults, restored, status, role, because, isIn }
}

async function once(isFact: (now: Tally) => boolean): Promise<Tally> {
  return new Promise((resolve) => {
    const look = () => {
      const now = tally()
      if (!isFact(now)) return
      looks.delete(look)
      resolve(now)
    }
    looks.add(look)
    look()
  })
}

Object.assign(globalThis, {
  tally,
  /** What it tells once all of this is so. */
  told: async (facts: Partial<Tally>) =>
    once((now) => Object.entries(facts).every(([name, fact]) => now[name as keyof Tally] === fact)),
  /** Resolves once it has another part. */
  parted: async (role: string | undefined) => once((now) => now.role !== role),
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

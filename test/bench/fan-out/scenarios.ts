import type { Contest } from '../rounds.ts'
import type { StreamRequest } from '../wire/stream.ts'
import type { VariantName } from './page.tsx'

/** A page full of components, and what is done with it. */
export interface Scenario extends Contest<VariantName> {
  readonly kind: 'exact' | 'read' | 'mount' | 'heap'
  readonly components: number
  readonly stream: StreamRequest
}

const variants: readonly VariantName[] = ['ideal', 'millrace', 'millrace by URL']
const page = { variants, components: 1_000 }
const script = { types: 50, seed: 3 }

/** What is measured. */
export const scenarios: readonly Scenario[] = [
  {
    ...page,
    name: 'exact',
    about: 'an event at a time: it is rendered once by each of its readers, and by nobody else',
    kind: 'exact',
    stream: { ...script, events: 100, rate: 0 },
  },
  {
    ...page,
    name: 'burst',
    about: '100,000 events as fast as they are taken',
    kind: 'read',
    stream: { ...script, events: 100_000, rate: 0 },
  },
  ...[200, 2_000].map((rate): Scenario => ({
    ...page,
    name: `${rate}/s`,
    about: `${rate} events a second, for two seconds`,
    kind: 'read',
    stream: { ...script, events: 2 * rate, rate },
  })),
  {
    ...page,
    name: 'mount',
    about: 'all components mounted and unmounted, and what is left of them',
    kind: 'mount',
    stream: { ...script, events: 1_000, rate: 0 },
  },
  {
    ...page,
    name: 'heap',
    about: 'what a million events leave behind, beside a hundred thousand',
    kind: 'heap',
    stream: { ...script, events: 1_000_000, rate: 0 },
  },
]

/** The same in small: nobody renders what is not his, shows what is not last, or leaves anything behind. */
export const shortScenarios: readonly Scenario[] = scenarios
  .filter(({ kind, stream }) => kind !== 'heap' && stream.rate === 0)
  .map((scenario) => ({
    ...scenario,
    components: 100,
    stream: { ...scenario.stream, events: Math.min(scenario.stream.events, 1_000) / 20 },
  }))

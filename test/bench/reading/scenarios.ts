import type { Contest } from '../rounds.ts'
import type { StreamRequest } from '../wire/stream.ts'
import type { ContestantName } from './contestants.ts'

/** A stream, and where it is read. */
export interface Scenario extends Contest<ContestantName> {
  readonly place: 'node' | 'chromium'
  readonly stream: StreamRequest
  /** How many times it is read while it is measured. */
  readonly times: number
  /** What is read before, and how many times: a stream goes on for hours, with code that is compiled long since. */
  readonly warmUp: { readonly stream: StreamRequest; readonly times: number }
}

const variants: readonly ContestantName[] = [
  'floor',
  'eventsource-parser',
  'millrace',
  'native',
  'millrace, native',
  'fetch-event-source',
  'eventsource-client',
]

const script = { types: 0, seed: 1 }
const burst = { ...script, events: 100_000, rate: 0 }
const paces = [
  {
    name: 'burst',
    about: 'as fast as they are taken',
    stream: burst,
    times: 3,
    warmUp: { stream: burst, times: 2 },
  },
  ...[200, 2_000].map((rate) => ({
    name: `${rate}/s`,
    about: `${rate} a second, each a chunk of its own, for two seconds`,
    stream: { ...script, events: 2 * rate, rate },
    times: 1,
    warmUp: { stream: { ...script, events: 4_000, rate: 4_000 }, times: 1 },
  })),
]

/** What is measured. */
export const scenarios: readonly Scenario[] = (['node', 'chromium'] as const).flatMap((place) =>
  paces.map((pace) => ({
    ...pace,
    name: `${place}, ${pace.name}`,
    about: `80 bytes an event, ${pace.about}`,
    place,
    variants,
  })),
)

/** The same in small: everyone reads a burst right, and Millrace events one by one too. */
export const shortScenarios: readonly Scenario[] = scenarios
  .filter(({ name }) => !name.endsWith(', 200/s'))
  .map((scenario) => ({
    ...scenario,
    variants: scenario.stream.rate === 0 ? variants : ['millrace', 'millrace, native'],
    stream: { ...scenario.stream, events: 500 },
    times: 1,
    warmUp: { stream: { ...scenario.stream, events: 0 }, times: 0 },
  }))

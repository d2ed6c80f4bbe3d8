import type { Contest } from '../rounds.ts'
import type { Load } from './client.ts'
import type { VariantName } from './variants.ts'

/** A load, and who is put under it. */
export interface Scenario extends Contest<VariantName> {
  readonly load: Omit<Load, 'exact'>
}

const everyone: readonly VariantName[] = ['millrace', 'millrace, body', 'loop', 'better-sse']
const small = { connections: 1_000, stuck: 0, size: 64, messages: 100_000 }
const large = { connections: 50, stuck: 0, size: 4_096, messages: 10_000 }

/** What is measured. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'burst',
    about: '1,000 connections, 64 bytes of data, 50 messages in one go',
    variants: everyone,
    load: { ...small, kind: 'burst', pace: 2_500 },
  },
  {
    name: 'single',
    about: '1,000 connections, 64 bytes of data, each message in a turn of its own',
    variants: everyone,
    load: { ...small, kind: 'single', pace: 2_500 },
  },
  {
    name: 'rate',
    about: '1,000 connections, 64 bytes of data, 5,000 messages a second for 3 s',
    variants: ['millrace'],
    load: { ...small, kind: 'rate', messages: 15_000, pace: 5_000 },
  },
  {
    name: 'reading',
    about: '50 connections, 4 KB of data, 10,000 messages',
    variants: ['millrace'],
    load: { ...large, kind: 'burst', pace: 60_000 },
  },
  {
    name: 'stuck',
    about: 'the same, and one connection that never reads',
    variants: ['millrace'],
    load: { ...large, kind: 'burst', pace: 60_000, stuck: 1 },
  },
]

/** The same in small, each server once and this one in each: whether anything is lost shows within seconds. */
export const shortScenarios: readonly Scenario[] = scenarios
  .filter(({ name }) => name !== 'reading')
  .map((scenario, index) => {
    const { load } = scenario
    const [connections, messages] = load.size > 1_000 ? [5, 1_000] : [50, 500]
    return {
      ...scenario,
      variants: index === 0 ? everyone : ['millrace'],
      load: { ...load, connections, messages, pace: 1_000 },
    }
  })

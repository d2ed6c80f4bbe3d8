import type { Contest } from '../rounds.ts'

export type TabVariant = 'own' | 'follows' | 'leads' | 'closes' | 'crashes' | 'freezes' | 'hangs'

/** A stream to one tab or two. */
export interface Scenario extends Contest<TabVariant> {
  readonly events: number
  /** Events at a time, every so many milliseconds. */
  readonly chunk: number
  readonly every: number
}

const relay: Scenario = {
  name: 'relay',
  about: '1,000 events a second, ten at a time; two tabs, and one by itself',
  variants: ['own', 'follows', 'leads'],
  events: 10_000,
  chunk: 10,
  every: 10,
}

const takeover: Scenario = {
  name: 'takeover',
  about: '1,000 events a second; the tab that leads goes, and the other hears nothing for so long',
  variants: ['closes', 'crashes', 'freezes', 'hangs'],
  events: 3_000,
  chunk: 5,
  every: 5,
}

export const scenarios: readonly Scenario[] = [relay, takeover]

export const shortScenarios: readonly Scenario[] = [
  { ...relay, variants: ['follows'], events: 500 },
  { ...takeover, variants: ['closes'], events: 500 },
]

import {
  atMost,
  medianOf,
  outcomesOf,
  ratioOf,
  spreadOf,
  textTable,
  type Figure,
  type Goal,
  type Result,
} from '../report.ts'
import type { Scenario } from './scenarios.ts'

/** What a run found. */
export interface Outcome {
  /** Milliseconds of the main thread for 100,000 events. */
  readonly cpu: number
  /** The longest time without an event, in milliseconds. */
  readonly longest: number
}

const cpu: Figure<Outcome> = ({ cpu }) => cpu
const longest: Figure<Outcome> = ({ longest }) => longest

/** A table of medians, with the lowest and the highest. */
export function tableOf(
  { name, about, variants }: Scenario,
  results: readonly Result<Outcome>[],
): string {
  const isRelay = name === 'relay'
  const rows = variants.map((variant) => {
    const found = outcomesOf(results, [name, variant]).map(isRelay ? cpu : longest)
    const toOwn = isRelay ? ratioOf(results, [name, variant], [name, 'own'], cpu).toFixed(2) : ''
    return [variant, medianOf(found).toFixed(1), spreadOf(found, 1), toOwn]
  })
  const heads = ['', isRelay ? 'ms/100,000' : 'ms', 'from … to', '× own']
  return textTable(`${name}: ${about}`, heads, rows)
}

/** What tabs are held to: one that follows works no more than one by itself, and nobody waits for long. */
export function goalsOf(results: readonly Result<Outcome>[]): readonly Goal[] {
  const waited = (variant: string) =>
    medianOf(outcomesOf(results, ['takeover', variant]).map(longest))
  return [
    atMost(
      1,
      'relay: CPU of a tab that follows, of one by itself',
      ratioOf(results, ['relay', 'follows'], ['relay', 'own'], cpu),
    ),
    atMost(200, 'takeover: silence when the tab that leads closes', waited('closes'), 'ms'),
    atMost(200, 'takeover: silence when it crashes', waited('crashes'), 'ms'),
    atMost(200, 'takeover: silence when it is frozen', waited('freezes'), 'ms'),
    atMost(1_100, 'takeover: silence when it hangs', waited('hangs'), 'ms'),
  ]
}

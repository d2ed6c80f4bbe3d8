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

/** What a run found, by what it is. */
export type Outcome = Readonly<Record<string, number>>

/** A table of medians, each with the lowest and the highest. */
export function tableOf(
  { name, about, variants }: Scenario,
  results: readonly Result<Outcome>[],
): string {
  const [ideal, ...others] = variants
  const [first = {}] = outcomesOf(results, [name, ideal ?? ''])
  const rows = Object.keys(first).map((figure) => {
    const spread = (variant = ''): readonly string[] => {
      const found = outcomesOf(results, [name, variant]).map(named(figure))
      return [medianOf(found).toFixed(2), spreadOf(found, 2)]
    }
    const times = (variant: string): string =>
      ratioOf(results, [name, variant], [name, 'ideal'], named(figure)).toFixed(2)
    return [
      figure,
      ...spread(ideal),
      ...others.flatMap((variant) => [...spread(variant), times(variant)]),
    ]
  })
  const heads = ['', ideal ?? '', 'from … to']
  for (const variant of others) heads.push(variant, 'from … to', '×')
  return textTable(`${name}: ${about}`, heads, rows)
}

/** What the hooks are held to: hardly dearer than what one would write for one page by hand. */
export function goalsOf(results: readonly Result<Outcome>[]): readonly Goal[] {
  const to = (scenario: string, figure: string): number =>
    ratioOf(results, [scenario, 'millrace'], [scenario, 'ideal'], named(figure))
  // With a handle, and by URL.
  const left = (scenario: string, figure: string): number =>
    Math.max(
      ...['millrace', 'millrace by URL'].flatMap((variant) =>
        outcomesOf(results, [scenario, variant]).map(named(figure)),
      ),
    )
  return [
    ...['burst', '200/s', '2000/s'].map((name) =>
      atMost(1.2, `${name}: CPU of the ideal`, to(name, 'CPU, µs/event')),
    ),
    atMost(1.5, 'mount: CPU of the ideal', to('mount', 'mount, ms')),
    atMost(1.5, 'unmount: CPU of the ideal', to('mount', 'unmount, ms')),
    atMost(0, 'left after unmount', left('mount', 'timers left'), 'timers'),
    atMost(0, 'left after unmount', left('mount', 'listeners left'), 'listeners'),
    atMost(0, 'left after unmount', left('mount', 'nodes left'), 'nodes'),
    atMost(0.5, 'heap after a million events, more than before', left('heap', 'growth, MB'), 'MB'),
  ]
}

function named(name: string): Figure<Outcome> {
  return (outcome) => outcome[name] ?? Number.NaN
}

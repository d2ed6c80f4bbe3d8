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
import { scenarios, type Scenario } from './scenarios.ts'

/** What a run found. */
export interface Outcome {
  /** Milliseconds of the main thread for 100,000 events. */
  readonly cpu: number
}

const cpu: Figure<Outcome> = ({ cpu }) => cpu

/** A table of medians, with the lowest and the highest. */
export function tableOf(
  { name, about, variants }: Scenario,
  results: readonly Result<Outcome>[],
): string {
  const rows = variants.map((variant) => {
    const found = outcomesOf(results, [name, variant]).map(cpu)
    const to = (other: string): string =>
      ratioOf(results, [name, variant], [name, other], cpu).toFixed(2)
    return [
      variant,
      medianOf(found).toFixed(1),
      spreadOf(found, 1),
      to('eventsource-parser'),
      to('native'),
    ]
  })
  const heads = ['', 'ms/100,000', 'from … to', '× parser', '× native']
  return textTable(`${name}: ${about}; processor time of the main thread`, heads, rows)
}

/** What Millrace is held to: hardly dearer than what it is built on. */
export function goalsOf(results: readonly Result<Outcome>[]): readonly Goal[] {
  return scenarios.flatMap(({ name }) => [
    atMost(
      1.3,
      `${name}: CPU of the parser alone`,
      ratioOf(results, [name, 'millrace'], [name, 'eventsource-parser'], cpu),
    ),
    atMost(
      1.15,
      `${name}: over native, CPU of native`,
      ratioOf(results, [name, 'millrace, native'], [name, 'native'], cpu),
    ),
  ])
}

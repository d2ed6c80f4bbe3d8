// Measures what an event costs as work grows: npm run bench:growth [-- --rounds 5 --only history --short]
import { once } from 'node:events'
import { profiling, startChild, told } from '../child.ts'
import {
  atMost,
  medianOf,
  outcomesOf,
  ratioOf,
  spreadOf,
  textTable,
  type Goal,
  type Result,
} from '../report.ts'
import { runBench, type Asked, type Contest } from '../rounds.ts'
import type { Point, Sweep } from './point.ts'

/** One thing that grows, over three orders of magnitude. */
interface Scenario extends Contest {
  readonly name: Sweep
  readonly events: number
}

// What grew with the work would be a thousand times as much; a thousand readers do not fit a processor's nearest cache.
const MOST = 3

const sizes = ['1', '10', '100', '1000']

const scenarios: readonly Scenario[] = (
  [
    ['rate', 'events of a turn of the event loop', sizes],
    ['types', 'event types, each with a reader', sizes],
    ['components', 'components twice over that read other types, beside one that reads', sizes],
    ['channels', 'channels on one connection, each with a reader', sizes],
    ['history', 'events kept, of turns of a thousand', ['10', '100', '1000', '10000']],
  ] as const
).map(([name, about, variants]) => ({ name, about, variants, events: 200_000 }))

async function measure({ name, events }: Scenario, size: string, asked: Asked): Promise<number> {
  const point: Point = { sweep: name, size: Number(size), events }
  const flags = profiling(asked.profile)
  const file = new URL('node.ts', import.meta.url)
  const child = await startChild(file, { args: [JSON.stringify(point)], flags })
  const gone = once(child, 'exit')
  const cost = await told<number>(child)
  await gone
  return cost
}

const cost = (outcome: number): number => outcome

function tableOf({ name, about, variants }: Scenario, results: readonly Result<number>[]): string {
  const [least = ''] = variants
  const rows = variants.map((size) => {
    const found = outcomesOf(results, [name, size])
    const growth = ratioOf(results, [name, size], [name, least], cost)
    return [size, medianOf(found).toFixed(0), spreadOf(found, 0), growth.toFixed(2)]
  })
  return textTable(`${name}: ${about}`, ['', 'ns/event', 'from … to', `× ${least}`], rows)
}

function goalsOf(results: readonly Result<number>[]): readonly Goal[] {
  return scenarios.map(({ name, about, variants }) => {
    const [least = '', , , most = ''] = variants
    const growth = ratioOf(results, [name, most], [name, least], cost)
    return atMost(
      MOST,
      `${name}, cost of an event with ${most} ${about}, of that with ${least}`,
      growth,
    )
  })
}

await runBench({
  folder: new URL('./', import.meta.url),
  scenarios,
  shortScenarios: scenarios.map(({ variants, ...scenario }) => ({
    ...scenario,
    variants: variants.slice(2, 3),
    events: 2_000,
  })),
  measure,
  tableOf,
  goalsOf,
  allIsWell: 'Everything was heard',
})

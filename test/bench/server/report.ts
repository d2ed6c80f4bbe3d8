import type { Outcome } from './client.ts'
import type { Scenario } from './scenarios.ts'
import type { VariantName } from './variants.ts'

/** One run of a server in one scenario. */
export interface Result {
  readonly scenario: string
  readonly variant: VariantName
  readonly round: number
  readonly outcome: Outcome
}

/** What is wanted, and what was found. */
export interface Goal {
  readonly goal: string
  readonly found: string
  readonly met: boolean
}

type Figure = (outcome: Outcome) => number

/** A scenario and a server. */
type Kind = readonly [string, VariantName]

const rate: Figure = ({ perSecond }) => perSecond
const cpu: Figure = ({ cpu, deliveries }) => (cpu / deliveries) * 1e6
const kilobytes: Figure = ({ perConnection }) => perConnection / 1024
const growth: Figure = ({ growth }) => growth / 1024 / 1024
const p99: Figure = ({ latencies }) => latencies?.p99 ?? Number.NaN
const typical: Figure = ({ latencies }) => latencies?.median ?? Number.NaN

/** A table of medians, with the lowest and the highest number of deliveries. */
export function tableOf({ name, about, variants }: Scenario, results: readonly Result[]): string {
  const rows = variants.map((variant) => {
    const outcomes = outcomesOf(results, name, variant)
    const rates = outcomes.map(rate)
    const median = (figure: Figure): number => medianOf(outcomes.map(figure))
    return [
      variant,
      whole(median(rate)),
      `${whole(Math.min(...rates))} … ${whole(Math.max(...rates))}`,
      median(cpu).toFixed(2),
      median(kilobytes).toFixed(0),
      median(growth).toFixed(0),
      variants.includes('loop')
        ? ratio(results, [name, variant], [name, 'loop'], rate).toFixed(2)
        : '',
      Number.isNaN(median(p99)) ? '' : `${median(typical).toFixed(0)} / ${median(p99).toFixed(0)}`,
    ]
  })
  const heads = [
    '',
    'deliveries/s',
    'from … to',
    'CPU s/million',
    'KB/connection',
    '+ MiB',
    '× loop',
    'ms p50 / p99',
  ]
  const columns = heads
    .map((head, column) => [head, ...rows.map((row) => row[column] ?? '')])
    .filter(([, ...cells]) => cells.some((cell) => cell !== ''))
    .map((cells, column) => aligned(cells, column === 0 ? 'padEnd' : 'padStart'))
  const lines = [heads, ...rows].map((_, line) => columns.map((cells) => cells[line]).join('   '))
  return [`${name}: ${about}`, ...lines].join('\n')
}

function aligned(cells: readonly string[], side: 'padEnd' | 'padStart'): readonly string[] {
  const width = Math.max(...cells.map(({ length }) => length))
  return cells.map((cell) => cell[side](width))
}

/** What this server is held to, in ratios of runs that stood beside each other. */
export function goalsOf(results: readonly Result[]): readonly Goal[] {
  const of = (scenario: string, figure: Figure): number =>
    medianOf(outcomesOf(results, scenario, 'millrace').map(figure))
  const at = (least: number, what: string, found: number, unit = '×'): Goal => ({
    goal: `${what}: at least ${least} ${unit}`,
    found: found.toFixed(2),
    met: found >= least,
  })
  const most = (bound: number, what: string, found: number, unit: string): Goal => ({
    goal: `${what}: at most ${bound} ${unit}`,
    found: found.toFixed(2),
    met: found <= bound,
  })
  const to = (other: Kind, figure: Figure, one: Kind = [other[0], 'millrace']): number =>
    ratio(results, one, other, figure)
  const body: Kind = ['burst', 'millrace, body']
  return [
    at(6, 'burst, deliveries/s of the loop', to(['burst', 'loop'], rate)),
    at(15, 'burst, deliveries/s of better-sse', to(['burst', 'better-sse'], rate)),
    most(0.2, 'burst, CPU of the loop', to(['burst', 'loop'], cpu), '×'),
    at(3, 'burst through the body, deliveries/s of the loop', to(['burst', 'loop'], rate, body)),
    at(1, 'single, deliveries/s of the loop', to(['single', 'loop'], rate)),
    at(4_850, 'rate, held', of('rate', rate) / 1_000, 'messages/s'),
    most(50, 'rate, p99', of('rate', p99), 'ms'),
    most(45, 'memory of a connection', of('burst', kilobytes), 'KB'),
    most(
      30,
      'memory for one that never reads, more than without',
      of('stuck', growth) - of('reading', growth),
      'MiB',
    ),
    at(
      0.9,
      'deliveries/s beside one that never reads, of those without',
      to(['reading', 'millrace'], rate, ['stuck', 'millrace']),
    ),
  ]
}

/** The goals, a line each. */
export function goalsTable(goals: readonly Goal[]): string {
  return goals
    .map(({ goal, found, met }) => `${met ? 'met   ' : 'MISSED'} ${goal} (${found})`)
    .join('\n')
}

// The median of the ratios of each round, in which the two ran one after the other.
function ratio(results: readonly Result[], one: Kind, other: Kind, figure: Figure): number {
  const others = outcomesOf(results, ...other).map(figure)
  const ones = outcomesOf(results, ...one).map(figure)
  return medianOf(ones.map((value, round) => value / (others[round] ?? Number.NaN)))
}

function outcomesOf(
  results: readonly Result[],
  scenario: string,
  variant: VariantName,
): readonly Outcome[] {
  return results
    .filter((result) => result.scenario === scenario && result.variant === variant)
    .map(({ outcome }) => outcome)
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (
    ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
  )
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

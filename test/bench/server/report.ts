import {
  atLeast,
  atMost,
  medianOf,
  outcomesOf,
  ratioOf,
  textTable,
  whole,
  type Figure,
  type Goal,
  type Kind,
  type Result,
} from '../report.ts'
import type { Outcome } from './client.ts'
import type { Scenario } from './scenarios.ts'

const rate: Figure<Outcome> = ({ perSecond }) => perSecond
const cpu: Figure<Outcome> = ({ cpu, deliveries }) => (cpu / deliveries) * 1e6
const kilobytes: Figure<Outcome> = ({ perConnection }) => perConnection / 1024
const growth: Figure<Outcome> = ({ growth }) => growth / 1024 / 1024
const p99: Figure<Outcome> = ({ latencies }) => latencies?.p99 ?? Number.NaN
const typical: Figure<Outcome> = ({ latencies }) => latencies?.median ?? Number.NaN

/** A table of medians, with the lowest and the highest number of deliveries. */
export function tableOf(
  { name, about, variants }: Scenario,
  results: readonly Result<Outcome>[],
): string {
  const rows = variants.map((variant) => {
    const outcomes = outcomesOf(results, [name, variant])
    const rates = outcomes.map(rate)
    const median = (figure: Figure<Outcome>): number => medianOf(outcomes.map(figure))
    return [
      variant,
      whole(median(rate)),
      `${whole(Math.min(...rates))} … ${whole(Math.max(...rates))}`,
      median(cpu).toFixed(2),
      median(kilobytes).toFixed(0),
      median(growth).toFixed(0),
      variants.includes('loop')
        ? ratioOf(results, [name, variant], [name, 'loop'], rate).toFixed(2)
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
  return textTable(`${name}: ${about}`, heads, rows)
}

/** What this server is held to, in ratios of runs that stood beside each other. */
export function goalsOf(results: readonly Result<Outcome>[]): readonly Goal[] {
  const of = (scenario: string, figure: Figure<Outcome>): number =>
    medianOf(outcomesOf(results, [scenario, 'millrace']).map(figure))
  const to = (other: Kind, figure: Figure<Outcome>, one: Kind = [other[0], 'millrace']): number =>
    ratioOf(results, one, other, figure)
  const body: Kind = ['burst', 'millrace, body']
  return [
    atLeast(6, 'burst, deliveries/s of the loop', to(['burst', 'loop'], rate)),
    atLeast(15, 'burst, deliveries/s of better-sse', to(['burst', 'better-sse'], rate)),
    atMost(0.2, 'burst, CPU of the loop', to(['burst', 'loop'], cpu)),
    atLeast(
      3,
      'burst through the body, deliveries/s of the loop',
      to(['burst', 'loop'], rate, body),
    ),
    atLeast(1, 'single, deliveries/s of the loop', to(['single', 'loop'], rate)),
    atLeast(4_850, 'rate, held', of('rate', rate) / 1_000, 'messages/s'),
    atMost(50, 'rate, p99', of('rate', p99), 'ms'),
    atMost(45, 'memory of a connection', of('burst', kilobytes), 'KB'),
    atMost(
      30,
      'memory for one that never reads, more than without',
      of('stuck', growth) - of('reading', growth),
      'MiB',
    ),
    atLeast(
      0.9,
      'deliveries/s beside one that never reads, of those without',
      to(['reading', 'millrace'], rate, ['stuck', 'millrace']),
    ),
  ]
}

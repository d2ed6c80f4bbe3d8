// Measures how an app starts: npm run bench:start-up [-- --rounds 5 --only import --short]
import { createPlayground } from '../../../playground/server/app.ts'
import { listen } from '../../../playground/server/listen.ts'
import { startBrowser } from '../browser/browser.ts'
import { startChild, told } from '../child.ts'
import {
  atMost,
  medianOf,
  outcomesOf,
  spreadOf,
  textTable,
  type Goal,
  type Result,
} from '../report.ts'
import { runBench, type Contest } from '../rounds.ts'
import { bundled, entries } from './bundle.ts'
import type { Costs } from './node.ts'
import { watching } from './paint.ts'

type Variant = (typeof entries)[number] | 'playground'
type Outcome = Readonly<Record<string, number>>

const scenarios: readonly Contest<Variant>[] = [
  {
    name: 'import',
    about: 'all of an entry, in milliseconds of processor time; React is there already',
    variants: entries,
  },
  {
    name: 'paint',
    about: 'from the first event to the next paint, beside an empty frame; milliseconds',
    variants: ['playground'],
  },
]

const [playground, browser, codes] = await Promise.all([
  createPlayground({ watch: false }),
  startBrowser(),
  Promise.all(entries.map(async (entry) => [entry, await bundled(entry)] as const)),
])
const code = new Map<string, string>(codes)
const port = await listen(playground.server, { port: 5_300, host: '127.0.0.1' })

async function measure(_: Contest<Variant>, variant: Variant): Promise<Outcome> {
  return variant === 'playground' ? paint() : costs(variant)
}

async function costs(entry: string): Promise<Outcome> {
  const child = await startChild(new URL('node.ts', import.meta.url), {})
  child.send(`globalThis.React = { createContext: () => ({}) };${code.get(entry) ?? ''}`)
  return { ...(await told<Costs>(child)) }
}

async function paint(): Promise<Outcome> {
  const page = await browser.open(`http://127.0.0.1:${port}/market`, watching)
  try {
    const { event, frame } = await page.run<{ event: number; frame: number }>('firstPaint()')
    return { 'first event': event, 'empty frame': frame }
  } finally {
    await page.close()
  }
}

function tableOf(
  { name, about, variants }: Contest<Variant>,
  results: readonly Result<Outcome>[],
): string {
  const figures = Object.keys(outcomesOf(results, [name, variants[0] ?? ''])[0] ?? {})
  const rows = variants.map((variant) => {
    const found = (figure: string): number[] =>
      outcomesOf(results, [name, variant]).map((outcome) => outcome[figure] ?? Number.NaN)
    return [
      variant,
      ...figures.flatMap((figure) => [
        medianOf(found(figure)).toFixed(2),
        spreadOf(found(figure), 2),
      ]),
    ]
  })
  const heads = ['', ...figures.flatMap((figure) => [figure, 'from … to'])]
  return textTable(`${name}: ${about}`, heads, rows)
}

function goalsOf(results: readonly Result<Outcome>[]): readonly Goal[] {
  return entries.map((entry) => {
    const ratios = outcomesOf(results, ['import', entry]).map(
      ({ parsing = Number.NaN, running = Number.NaN }) => running / parsing,
    )
    return atMost(0.5, `${entry}: running it at import, of parsing it`, medianOf(ratios))
  })
}

try {
  // What is bundled for the first visit is not its first paint's.
  await paint()
  await runBench({
    folder: new URL('./', import.meta.url),
    scenarios,
    shortScenarios: scenarios,
    measure,
    tableOf,
    goalsOf,
    allIsWell: 'Everything started',
  })
} finally {
  await Promise.all([playground.close(), browser.close()])
}

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { goalsTable, type Goal, type Result } from './report.ts'

/** A load, and who is put under it. */
export interface Contest<Variant extends string = string> {
  readonly name: string
  readonly about: string
  readonly variants: readonly Variant[]
}

/** What a run may be asked for besides. */
export interface Asked {
  /** The folder for processor profiles; none are made without. */
  readonly profile: string | undefined
  /** Whether only what is counted matters, and no time. */
  readonly short: boolean
}

/** What is measured, and what is made of it. */
export interface Bench<Scenario extends Contest, Outcome> {
  /** The folder for its `results.json`. */
  readonly folder: URL
  readonly scenarios: readonly Scenario[]
  /** The same in small: whether anything is wrong shows within seconds. */
  readonly shortScenarios: readonly Scenario[]
  /** Throws where what was counted is wrong. */
  readonly measure: (
    scenario: Scenario,
    variant: Scenario['variants'][number],
    asked: Asked,
  ) => Promise<Outcome>
  readonly tableOf: (scenario: Scenario, results: readonly Result<Outcome>[]) => string
  readonly goalsOf: (results: readonly Result<Outcome>[]) => readonly Goal[]
  /** What a run without fault has shown. */
  readonly allIsWell: string
  /** How many rounds there are, if nobody says. Defaults to `5`. */
  readonly rounds?: number | undefined
}

/** What the command line says: `--rounds 5`, `--only SCENARIO`, `--profile FOLDER`, `--short`. */
function commandLine(): Asked & { readonly rounds: string | undefined; readonly only?: string } {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      only: { type: 'string' },
      profile: { type: 'string' },
      /** One small round: says whether all is counted right, and nothing of speed. */
      short: { type: 'boolean', default: false },
    },
  })
  return { rounds: undefined, profile: undefined, ...values }
}

/** Runs a bench as the command line asks for: prints its tables and goals, and writes its results beside it. */
export async function runBench<Scenario extends Contest, Outcome>(
  bench: Bench<Scenario, Outcome>,
): Promise<void> {
  const { rounds: asked, only, ...how } = commandLine()
  const chosen = chosenOf(how.short ? bench.shortScenarios : bench.scenarios, only)
  const rounds = Number(asked ?? bench.rounds ?? 5)
  if (!(rounds >= 1))
    throw new Error(`Cannot measure "${asked}" rounds: that is no number above 0.`)
  const results: Result<Outcome>[] = []

  async function measure(scenario: Scenario, variant: string, round: number): Promise<void> {
    const outcome = await bench.measure(scenario, variant, how)
    results.push({ scenario: scenario.name, variant, round, outcome })
  }

  if (how.short) {
    await Promise.all(
      chosen.flatMap((scenario) => scenario.variants.map((name) => measure(scenario, name, 1))),
    )
    console.log(`${bench.allIsWell}, in ${results.length} runs.`)
    return
  }
  // Round by round, so that whatever else the machine does falls on all alike; nobody is always the first.
  for (let round = 1; round <= rounds; round += 1) {
    for (const scenario of chosen) {
      // oxlint-disable-next-line no-await-in-loop -- one has the machine at a time
      for (const variant of turned(scenario.variants, round))
        await measure(scenario, variant, round)
      console.error(`round ${round} of ${rounds}: ${scenario.name}`)
    }
  }
  for (const scenario of chosen) console.log(`${bench.tableOf(scenario, results)}\n`)
  const goals = only === undefined ? bench.goalsOf(results) : []
  console.log(goalsTable(goals))
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model }
  const file = new URL('results.json', bench.folder)
  writeFileSync(file, `${JSON.stringify({ machine, rounds, goals, results }, undefined, 2)}\n`)
}

function chosenOf<Scenario extends Contest>(
  all: readonly Scenario[],
  only: string | undefined,
): readonly Scenario[] {
  const chosen = all.filter(({ name }) => only === undefined || name.startsWith(only))
  if (chosen.length > 0) return chosen
  const names = all.map(({ name }) => `"${name}"`).join(', ')
  throw new Error(`Cannot measure "${only}": no scenario begins so. Choose of these: ${names}.`)
}

function turned<Item>(items: readonly Item[], by: number): readonly Item[] {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

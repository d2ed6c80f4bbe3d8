// Measures the server in Node beside others: npm run bench:server [-- --rounds 5 --only burst --profile FOLDER --short]
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { goalsOf, goalsTable, tableOf, type Result } from './report.ts'
import { run } from './run.ts'
import { scenarios, shortScenarios, type Scenario } from './scenarios.ts'
import type { VariantName } from './variants.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    profile: { type: 'string' },
    /** One small round: says whether all arrives, and nothing of speed. */
    short: { type: 'boolean', default: false },
  },
})
const { only, profile, short } = values
const chosen = (short ? shortScenarios : scenarios).filter(({ name }) => !only || only === name)
const rounds = Number(values.rounds)
const results: Result[] = []

async function measure(
  { name, load }: Scenario,
  variant: VariantName,
  round: number,
): Promise<void> {
  const outcome = await run({
    variant,
    load: { ...load, exact: variant !== 'better-sse' },
    profile,
  })
  results.push({ scenario: name, variant, round, outcome })
}

if (short) {
  await Promise.all(chosen.flatMap((it) => it.variants.map((variant) => measure(it, variant, 1))))
  console.log(`All arrived, once and in order, in ${results.length} runs.`)
} else {
  // Round by round, so that whatever else the machine does falls on all alike.
  for (let round = 1; round <= rounds; round += 1) {
    for (const scenario of chosen) {
      // oxlint-disable-next-line no-await-in-loop -- one has the machine at a time
      for (const variant of scenario.variants) await measure(scenario, variant, round)
      console.error(`round ${round} of ${rounds}: ${scenario.name}`)
    }
  }
  for (const scenario of chosen) console.log(`${tableOf(scenario, results)}\n`)
  const goals = only ? [] : goalsOf(results)
  console.log(goalsTable(goals))
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model }
  const file = new URL('results.json', import.meta.url)
  writeFileSync(file, `${JSON.stringify({ machine, rounds, goals, results }, undefined, 2)}\n`)
}

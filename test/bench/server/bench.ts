// Measures the server in Node beside others: npm run bench:server [-- --rounds 5 --only burst --profile FOLDER --short]
import { runBench } from '../rounds.ts'
import { goalsOf, tableOf } from './report.ts'
import { run } from './run.ts'
import { scenarios, shortScenarios } from './scenarios.ts'

await runBench({
  folder: new URL('./', import.meta.url),
  scenarios,
  shortScenarios,
  measure: ({ load }, variant, { profile }) =>
    run({ variant, load: { ...load, exact: variant !== 'better-sse' }, profile }),
  tableOf,
  goalsOf,
  allIsWell: 'All arrived, once and in order',
})

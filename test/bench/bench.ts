// Runs the benches one after the other, and prints one page: npm run bench [-- --bench reading --rounds 5 --short]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const every = ['server', 'reading', 'fan-out', 'growth', 'start-up', 'tabs']
const [flag, name = '', ...others] = process.argv.slice(2)
const [benches, options] = flag === '--bench' ? [[name], others] : [every, process.argv.slice(2)]
let failures = 0

if (!benches.every((bench) => every.includes(bench))) {
  throw new Error(
    `Cannot run the bench "${name}": there is none. Choose of these: ${every.join(', ')}.`,
  )
}

for (const bench of benches) {
  if (benches.length > 1) console.log(`\n=== ${bench} ===\n`)
  const file = fileURLToPath(new URL(`${bench}/bench.ts`, import.meta.url))
  const args = ['--conditions=millrace-source', '--no-warnings', file, ...options]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  // oxlint-disable-next-line no-await-in-loop -- one has the machine at a time
  const [code] = await once(child, 'exit')
  if (code !== 0) failures += 1
}
process.exitCode = failures

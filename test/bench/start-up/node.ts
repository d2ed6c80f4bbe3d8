import { Script } from 'node:vm'

/** What a script costs, in milliseconds of processor time. */
export interface Costs {
  readonly parsing: number
  readonly running: number
}

const TIMES = 50

// A process of its own: it parses a script and runs it, again and again, and never the same text.
process.once('message', (code) => {
  const texts = Array.from({ length: TIMES }, (_, n) => `${String(code)}//${n}`)
  const parsed = timed(() => texts.map((text) => new Script(text)))
  const run = timed(() => parsed.made.forEach((script) => script.runInThisContext()))
  process.send?.({ parsing: parsed.cost, running: run.cost } satisfies Costs, () => process.exit())
})

function timed<Made>(make: () => Made): { readonly cost: number; readonly made: Made } {
  const before = process.threadCpuUsage()
  const made = make()
  const { user, system } = process.threadCpuUsage(before)
  return { cost: (user + system) / 1_000 / TIMES, made }
}

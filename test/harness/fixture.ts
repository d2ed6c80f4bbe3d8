import { fileURLToPath } from 'node:url'
import { startVitest } from 'vitest/node'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What came of the tests of a file. */
export interface Outcome {
  /** What each of them failed with, or `passed`; by its name. */
  readonly tests: ReadonlyMap<string, string>
  /** Everything that was written to the console. */
  readonly printed: string
}

/** Runs the tests of a file of `fixtures/` in a vitest of their own: some are there to fail. */
export async function runFixture(name: string, { globals = false } = {}): Promise<Outcome> {
  const tests = new Map<string, string>()
  let printed = ''
  const conditions = process.env['MILLRACE_FROM'] === 'dist' ? [] : ['millrace-source']
  const vitest = await startVitest(
    'test',
    [],
    {
      root,
      globals,
      config: false,
      watch: false,
      environment: 'happy-dom',
      include: [`test/harness/fixtures/${name}`],
      reporters: [
        {
          onTestCaseResult: (testCase) => {
            const [error] = testCase.result().errors ?? []
            tests.set(testCase.name, error?.message ?? 'passed')
          },
          onUserConsoleLog: ({ content }) => void (printed += content),
        },
      ],
    },
    {
      ssr: { resolve: { conditions: ['module', 'node', 'development|production', ...conditions] } },
      resolve: { conditions: ['module', 'browser', 'development|production', ...conditions] },
    },
  )
  await vitest.close()
  // That some of these fail is as it should be.
  process.exitCode = undefined
  return { tests, printed }
}

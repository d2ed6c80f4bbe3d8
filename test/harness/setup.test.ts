import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { startVitest } from 'vitest/node'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What has become of each test of the fixture, by its name: what it failed with. */
const outcomes = new Map<string, string>()
const printed: string[] = []

beforeAll(async () => {
  const conditions = process.env['MILLRACE_FROM'] === 'dist' ? [] : ['millrace-source']
  const vitest = await startVitest(
    'test',
    [],
    {
      root,
      config: false,
      watch: false,
      environment: 'happy-dom',
      include: ['test/harness/fixtures/endings.tsx'],
      reporters: [
        {
          onTestCaseResult: (testCase) => {
            const [error] = testCase.result().errors ?? []
            outcomes.set(testCase.name, error?.message ?? 'passed')
          },
          onUserConsoleLog: ({ content }) => void printed.push(content),
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
}, 60_000)

test('a leak fails the test that made it, named, and no other', () => {
  expect(outcomes.get('a stream is left open')).toBe(
    'Cannot end "a stream is left open": it has left open client 1 (GET http://localhost:3000/events?channel=pets on pets) at /events. Do close that client, or close its pool in `after`.',
  )
})

test('what is left mounted, and lingers on purpose, is cleaned up and no leak', () => {
  expect(outcomes.get('a component is left mounted, and its pool to linger')).toBe('passed')
  expect(outcomes.get('the page is empty')).toBe('passed')
})

test('a test that fails tells the seed of its chaos', () => {
  expect(outcomes.get('it fails in chaos')).toContain('expected 1 to be 2')
  expect(printed.join('')).toContain(
    'There was chaos at /events; events.chaos({ seed: 4711 }) makes the same again.',
  )
})

test('what goes wrong after a test fails it', () => {
  expect(outcomes.get('after throws')).toBe('of after')
})

test('findBy works with faked timers, which are real again afterwards', () => {
  expect(outcomes.get('timers are faked')).toBe('passed')
  expect(outcomes.get('timers are real again')).toBe('passed')
})

test('nothing warns about act', () => {
  expect(printed.filter((line) => line.includes('act('))).toEqual([])
})

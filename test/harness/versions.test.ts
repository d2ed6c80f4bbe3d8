// What the peer ranges of the harness claim, and those of the hooks, with the packages as npm would publish them.
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { createNewcomer, testedVersions, type Newcomer } from '../packages/newcomer.ts'

// A registry may take its time.
const PATIENCE = 900_000
const tests = fileURLToPath(new URL('..', import.meta.url))

const react18 = { react: '18.3.1', 'react-dom': '18.3.1', '@types/react': '18.3.27' }

const matrix: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'vitest 5, msw 3, React 18': { vitest: '5.1.0', ...react18 },
  'vitest 4, the first msw 3, React 19': { vitest: '4.1.12', msw: '3.0.0' },
  'vitest 3, msw 3, React 18': { vitest: '3.2.7', ...react18 },
}

const unchanged = [
  '@microsoft/fetch-event-source',
  '@testing-library/dom',
  '@testing-library/react',
  '@types/node',
  '@types/react',
  'eventsource-client',
  'happy-dom',
  'jsdom',
  'msw',
  'react',
  'react-dom',
]

for (const [name, versions] of Object.entries(matrix)) {
  describe.runIf(rounds(0, 1))(`with ${name}`, { timeout: PATIENCE }, () => {
    let newcomer: Newcomer

    beforeAll(async () => {
      newcomer = await createNewcomer({
        ...(await testedVersions(unchanged)),
        typescript: '5.9.3',
        ...versions,
      })
      for (const folder of ['harness', 'react', 'environment']) {
        // oxlint-disable-next-line no-await-in-loop -- a few small folders
        await mkdir(join(newcomer.folder, 'suite'), { recursive: true })
        // oxlint-disable-next-line no-await-in-loop -- a few small folders
        await cp(join(tests, folder), join(newcomer.folder, 'suite', folder), { recursive: true })
      }
      await newcomer.write('suite/typed.ts', TYPED)
      await newcomer.write('tsconfig.json', TSCONFIG)
      await newcomer.write('suite/endings.config.ts', ENDINGS)
    }, PATIENCE)
    afterAll(() => newcomer?.remove())

    /** What vitest says; of tests that fail, too. */
    const run = async (...args: string[]): Promise<string> => {
      const said = newcomer.run('vitest/vitest.mjs', 'run', '--root', 'suite', ...args)
      return stripVTControlCharacters(await said.catch((error: unknown) => String(error)))
    }

    test('the facts about the harness hold', async () => {
      // vitest 3 gives jsdom an AbortSignal that its fetch does not take.
      const places = name.startsWith('vitest 3') ? ['', 'dom.'] : ['', 'dom.', 'jsdom.']
      const said = await run(...places.map((place) => `harness/everywhere.${place}test.ts`))
      expect(said).toMatch(new RegExp(`Test Files {2}${places.length} passed`))
    })

    test('leaks are found, and tests set up', async () => {
      const told = await run('--environment', 'happy-dom', '--config', 'endings.config.ts')
      for (const words of [
        'Cannot end "a stream is left open": it has left open client 1',
        'events.chaos({ seed: 4711 }) makes the same again.',
        'of after',
      ]) {
        expect(told).toContain(words)
      }
      expect(told).toMatch(/Tests {2}3 failed \| 7 passed/)
    })

    test('the hooks do what they do', async () => {
      // What is wrong with arguments is told in development builds; this is one as Node resolves it.
      const left = ['**/*.browser.test.tsx', '**/wrong.dom.test.tsx']
      const inPage = ['--environment', 'happy-dom', ...left.flatMap((one) => ['--exclude', one])]
      expect(await run(...inPage, 'react/')).toMatch(/Tests {2}\d+ passed/)
    })

    test('the matchers have types', async () => {
      expect(await newcomer.run('typescript/bin/tsc', '-p', 'tsconfig.json')).toBe('')
    })
  })
}

const TYPED = `import { fakeEventServer } from '@millrace/testing'
import '@millrace/testing/vitest'
import { expect } from 'vitest'

const events = fakeEventServer('/events')
expect(events).toHaveConnections(1, { channel: 'pets' })
expect(events).not.toHaveSent({ event: 'tick', data: 1 })
expect(events).toHaveResumedFrom('17')
expect(events).toHaveNoOpenConnections()
// @ts-expect-error -- a number of connections is a number
expect(events).toHaveConnections('1')
`

const ENDINGS = `export default { test: { include: ['harness/fixtures/endings.tsx'] } }
`

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2024', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    jsx: 'react-jsx',
    noEmit: true,
    types: ['node'],
  },
  files: ['suite/typed.ts'],
}

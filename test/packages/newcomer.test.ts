// What a newcomer does, with the packages as npm would publish them: install, check the types, bundle, test and serve.
import { readdir } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'
import { rounds } from '../environment/rounds.ts'
import { createNewcomer, installNode, testedVersions, type Newcomer } from './newcomer.ts'

// A registry may take its time.
const PATIENCE = 600_000

const ours = [
  '@sveltejs/vite-plugin-svelte',
  '@preact/signals',
  '@testing-library/dom',
  '@testing-library/react',
  '@types/express',
  '@types/node',
  '@types/react',
  '@types/react-dom',
  'express',
  'fastify',
  'happy-dom',
  'hono',
  'msw',
  'preact',
  'react',
  'react-dom',
  'redis',
  'solid-js',
  'svelte',
  'vite',
  'vitest',
  'vue',
]

const compilers = ['typescript', 'typescript-7'] as const
const resolutions = ['bundler', 'nodenext'] as const

const mains = [
  [
    'React',
    `import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { Price } from './src/price.tsx'
createRoot(document.querySelector('main')!).render(createElement(Price))
`,
  ],
  [
    'Svelte',
    `import { mount } from 'svelte'
import Price from './src/price.svelte'
mount(Price, { target: document.querySelector('main')! })
`,
  ],
  [
    'nothing but the page',
    `document.querySelector('main')!.append(document.createElement('output'))
void import('./src/price.ts')
`,
  ],
] as const

describe.runIf(rounds(0, 1))('a newcomer', { timeout: PATIENCE }, () => {
  let newcomer: Newcomer

  beforeAll(async () => {
    const { typescript, ...versions } = await testedVersions([...ours, 'typescript'])
    newcomer = await createNewcomer({
      ...versions,
      'svelte-check': '4.7.8',
      // The compiler before the native one: it is what editors and svelte-check know.
      typescript: '5.9.3',
      'typescript-7': `npm:typescript@${typescript}`,
    })
    await newcomer.write(
      'src/typed.ts',
      `import { price, trades } from './trades.ts'
export const doubled: number = (price.value ?? 0) * 2
// @ts-expect-error -- a price is a number
price.value?.trim()
// @ts-expect-error -- there is no such event
trades.latest('tock')
`,
    )
    for (const resolution of resolutions) {
      // oxlint-disable-next-line no-await-in-loop -- two small files
      await newcomer.write(`tsconfig.${resolution}.json`, tsconfig(resolution))
    }
  }, PATIENCE)
  afterAll(() => newcomer?.remove())

  test.each(compilers.flatMap((compiler) => resolutions.map((how) => [compiler, how] as const)))(
    'the snippets have types for %s that resolves as %s does',
    async (compiler, resolution) => {
      const project = `tsconfig.${resolution}.json`
      expect(await newcomer.run(`${compiler}/bin/tsc`, '-p', project)).toBe('')
    },
  )

  test.each([
    [
      'a page that Vite serves',
      ['ES2023', 'DOM'],
      [],
      ['millrace', 'millrace/react', '@millrace/server'],
    ],
    [
      'a server without a DOM',
      ['ES2023'],
      ['node'],
      ['millrace', '@millrace/server', '@millrace/server/node', '@millrace/server/admin'],
    ],
  ] as const)('%s needs no other declarations than its own', async (_, lib, types, imported) => {
    const name = `alone-${lib.length}`
    const { compilerOptions } = tsconfig('nodenext')
    await newcomer.write(`${name}.ts`, imported.map((entry) => `import '${entry}'\n`).join(''))
    await newcomer.write(`tsconfig.${name}.json`, {
      compilerOptions: { ...compilerOptions, lib, types },
      files: [`${name}.ts`],
    })
    const project = `tsconfig.${name}.json`
    expect(await newcomer.run('typescript/bin/tsc', '-p', project)).toBe('')
  })

  test('the snippets in Svelte have types', async () => {
    const project = './tsconfig.bundler.json'
    const told = await newcomer.run('svelte-check/bin/svelte-check', '--tsconfig', project)
    expect(told).toContain('0 errors and 0 warnings')
  })

  test.each(mains)('the price of the README in %s, bundled by Vite, is live', async (_, main) => {
    await newcomer.write(
      'index.html',
      '<main></main><script type="module" src="/main.ts"></script>',
    )
    await newcomer.write('main.ts', main)
    await newcomer.write('vite.config.js', VITE)
    await newcomer.run('vite/bin/vite.js', 'build')

    const page = await openPage()
    await page.route('http://newcomer.test/**', async (route) => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/events') {
        await route.fulfill({
          contentType: 'text/event-stream',
          body: 'event: tick\ndata: {"price":42}\n\n',
        })
      } else {
        const path = pathname === '/' ? 'index.html' : pathname
        await route.fulfill({ path: join(newcomer.folder, 'dist', path) })
      }
    })
    await page.goto('http://newcomer.test/')
    const output = page.getByRole('status').filter({ hasText: '42' })
    await output.waitFor()
    expect(await output.textContent()).toBe('42')
  })

  test('the tests of the README and of the pages pass', async () => {
    const vitest = ['vitest/vitest.mjs', 'run', '--exclude=**/*.browser.test.ts'] as const
    const inPages = await newcomer.run(...vitest, 'dom.test', '--environment=happy-dom')
    expect(inPages).toContain('price.dom.test.tsx')
    const inNode = await newcomer.run(...vitest, '--exclude=**/*.dom.test.*')
    expect(inNode).toContain('chaos.test.ts')
  })

  test('each package came with its licence, and a page about it', async () => {
    for (const name of ['millrace', '@millrace/server', '@millrace/testing']) {
      // oxlint-disable-next-line no-await-in-loop -- three small folders
      const files = await readdir(join(newcomer.folder, 'node_modules', name))
      expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'src']))
    }
  })

  test('the server of the quick start serves, and what it says can be recorded', async () => {
    const server = await newcomer.start('src/server.ts', {})
    onTestFinished(server.kill)
    const recorder = '@millrace/testing/dist/timeline/cli.js'
    const recording = await newcomer.run(recorder, server.line, '--events', '2')
    expect(recording.match(/^event: tick$/gm)).toHaveLength(2)
  })

  test('in the oldest Node that it says it runs in, the server serves', async () => {
    const { engines } = JSON.parse(
      await newcomer.read(`node_modules/@millrace/server/package.json`),
    ) as { engines: { node: string } }
    const node = await installNode(
      join(newcomer.folder, 'oldest'),
      `${engines.node.replace('>=', '')}.0`,
    )
    // That Node knows nothing of types.
    await newcomer.write(
      'oldest/server.js',
      stripTypeScriptTypes(await newcomer.read('src/server.ts')),
    )
    const server = await newcomer.start('oldest/server.js', { node })
    onTestFinished(server.kill)
    const response = await fetch(server.line)
    expect(response.headers.get('content-type')).toMatch('text/event-stream')
    await response.body?.cancel()
  })

  test('the quick start is followed to the letter', async () => {
    await newcomer.write(
      'index.html',
      '<main></main><script type="module" src="/main.ts"></script>',
    )
    await newcomer.write('main.ts', DEVELOPED)
    let server = await newcomer.start('src/server.ts', {})
    onTestFinished(() => server.kill())
    const { port, origin } = new URL(server.line)
    await newcomer.write('vite.config.js', proxyTo(origin))
    await newcomer.write('vite.js', SERVE)
    const vite = await newcomer.start('vite.js', {})
    onTestFinished(vite.kill)

    const page = await openPage()
    const requests: string[] = []
    page.on(
      'request',
      (request) => request.url().endsWith('/events') && requests.push(request.url()),
    )
    await page.goto(vite.line)
    const light = (status: string) => page.locator(`[data-status=${status}]`).waitFor()
    await light('open')
    await page.getByRole('status').filter({ hasText: /^\d+$/ }).nth(1).waitFor()
    // Two components and a light, all in strict mode.
    expect(requests).toHaveLength(1)
    await server.kill()
    await light('waiting')
    server = await newcomer.start('src/server.ts', { port: Number(port) })
    await light('open')
  })
})

async function openPage(): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArguments],
  })
  onTestFinished(() => browser.close())
  return browser.newPage()
}

const DEVELOPED = `import { createElement, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Price } from './src/price.tsx'
import { Light } from './src/quick-start/light.tsx'
createRoot(document.querySelector('main')!).render(
  createElement(StrictMode, {}, createElement(Price), createElement(Price), createElement(Light)),
)
`

// As `npx vite` does, on any port.
const SERVE = `import { createServer } from 'vite'
const server = await createServer({ logLevel: 'error', server: { port: Number(process.env.PORT) } })
await server.listen()
console.log('http://localhost:' + server.httpServer.address().port + '/')
`

const proxyTo = (target: string): string => `import { proxy } from './src/quick-start/proxy.ts'
export default { server: { proxy: { '/events': { ...proxy['/events'], target: '${target}' } } } }
`

const VITE = `import { svelte } from '@sveltejs/vite-plugin-svelte'
export default { plugins: [svelte()] }
`

function tsconfig(moduleResolution: (typeof resolutions)[number]): {
  readonly compilerOptions: object
  readonly include: readonly string[]
} {
  return {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution,
      strict: true,
      jsx: 'react-jsx',
      noEmit: true,
      allowImportingTsExtensions: true,
      // Our declarations are to hold for those who check all declarations.
      skipLibCheck: false,
      types: ['node'],
    },
    include: ['src'],
  }
}

import './test/environment/node-version.js'
import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArguments, findChromium } from './test/environment/chromium.ts'
import { solidComponents, svelteComponents, vueComponents } from './test/environment/frameworks.ts'
import { LongestFirst } from './test/environment/longest-first.ts'
import { rounds } from './test/environment/rounds.ts'
import { wireHandler } from './test/environment/wire.ts'
import { serveWorker } from './test/harness/serve-worker.ts'

// The tests run from source; MILLRACE_FROM=dist runs the same ones against the built packages.
const conditions = process.env['MILLRACE_FROM'] === 'dist' ? [] : ['millrace-source']
const executablePath = findChromium()
const pools =
  process.env['MILLRACE_LONG'] === '1'
    ? (['threads', 'vmThreads', 'vmForks'] as const)
    : (['vmThreads'] as const)

// What the guides and the harness promise holds where nothing is changed in the settings of vitest: each file has a
// process of its own. Every day those have one whose modules, or the fake's globals, must be new.
const likeAtUsers = rounds(0, 1)
  ? ['test/{docs,harness}/**/*.dom.test.{ts,tsx}']
  : [
      'test/docs/{price,readme,testing/{first,fake-timers,timeline}}.dom.test.{ts,tsx}',
      'test/harness/{everywhere,installed-first}.dom.test.ts',
    ]

export default defineConfig({
  plugins: [
    {
      name: 'wire',
      configureServer: (server) => {
        server.middlewares.use(wireHandler())
        server.middlewares.use(serveWorker)
      },
    },
  ],
  resolve: { conditions: ['module', 'browser', 'development|production', ...conditions] },
  ssr: { resolve: { conditions: ['module', 'node', 'development|production', ...conditions] } },
  test: {
    // Vitest would leave one processor to itself, but many tests wait: for a browser, or for another process.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // No test waits for time to pass: what takes long is on a busy machine, or hangs.
    testTimeout: rounds(60_000, 1_800_000),
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        plugins: [svelteComponents()],
        test: {
          name: 'node',
          environment: 'node',
          // Most files take less time than a process of their own takes to start.
          isolate: false,
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            'test/browser/**',
            'test/**/*.browser.test.ts',
            'test/**/*.dom.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'happy-dom',
          environment: 'happy-dom',
          isolate: false,
          include: ['packages/*/src/**/*.test.tsx', 'test/**/*.dom.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', ...likeAtUsers],
        },
      },
      {
        extends: true,
        test: { name: 'happy-dom-isolated', environment: 'happy-dom', include: likeAtUsers },
      },
      // What holds in a process of its own holds in the other pools, whose globals are not quite the same.
      ...pools.map((pool) => ({
        extends: true as const,
        test: { name: pool, pool, include: ['test/harness/everywhere{,.dom,.jsdom}.test.ts'] },
      })),
      {
        extends: true,
        plugins: [svelteComponents(), solidComponents(), vueComponents()],
        // Found before the tests start: what is found while they run reloads them; and what JSX becomes is asked for late.
        optimizeDeps: {
          include: [
            'fast-check',
            'preact/jsx-dev-runtime',
            'react/jsx-dev-runtime',
            'msw/browser',
            'msw/http',
            '@microsoft/fetch-event-source',
            'eventsource',
            'eventsource-client',
          ],
        },
        // A browser has no environment variables.
        define: { 'process.env.MILLRACE_LONG': JSON.stringify(process.env['MILLRACE_LONG'] ?? '') },
        test: {
          name: 'chromium',
          include: ['test/browser/**/*.test.{ts,tsx}', 'test/**/*.browser.test.{ts,tsx}'],
          isolate: false,
          setupFiles: ['test/harness/untouched.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                args: [...chromiumArguments],
                ...(executablePath && { executablePath }),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})

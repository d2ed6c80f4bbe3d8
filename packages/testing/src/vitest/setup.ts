import { afterAll, afterEach, beforeAll } from 'vitest'
import { HarnessError } from '../error.ts'
import type { FakeEventServer } from '../fake-event-server.ts'
import { seedsOf } from '../presence.ts'
import { fakeOf, whoIs } from './matchers.ts'

/**
 * What `setupServer` of `msw/node`, or `setupWorker` of `msw/browser`, has made.
 *
 * @example
 * const server: MockServer = setupServer(...events.handlers)
 */
export type MockServer =
  | {
      readonly listen: (options: { readonly onUnhandledFrame: 'error' }) => void
      readonly close: () => void
    }
  | {
      readonly start: (options: {
        readonly quiet: boolean
        readonly onUnhandledFrame: 'bypass'
      }) => Promise<unknown>
      readonly stop: () => void
    }

/**
 * What is looked after.
 *
 * @example
 * setupFakeEventServer({ events: [prices, news], server, after: () => pool.close() })
 */
export interface SetupOptions {
  /** The fakes of this file, or of all. */
  readonly events: FakeEventServer | readonly FakeEventServer[]
  /** Started before the tests and stopped after them. Defaults to none: then that is yours. */
  readonly server?: MockServer
  /**
   * Unmounts what a test has rendered. Defaults, in Node, to Testing Library's where React has rendered something; in
   * browsers to nothing.
   */
  readonly cleanup?: () => unknown
  /** Closes what outlives its components on purpose, such as a pool: `() => pool.close()`. Defaults to nothing. */
  readonly after?: () => unknown
}

/**
 * Looks after fakes for the tests of a file: after each test it unmounts, closes, waits until all is quiet, and makes
 * the test fail that has left a connection open. Then it resets.
 *
 * @example
 * const events = fakeEventServer('/events')
 * setupFakeEventServer({ events, server: setupServer(...events.handlers), after: () => pool.close() })
 */
export function setupFakeEventServer({
  events,
  server,
  cleanup = unmount,
  after,
}: SetupOptions): void {
  const fakes = [events].flat()
  for (const fake of fakes) fakeOf('setupFakeEventServer', fake)
  beforeAll(async () => {
    if (!server) return
    if ('listen' in server) server.listen({ onUnhandledFrame: 'error' })
    // A page loads its own files, too.
    else await server.start({ quiet: true, onUnhandledFrame: 'bypass' })
  })
  afterAll(() => {
    if (!server) return
    if ('listen' in server) server.close()
    else server.stop()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') tellSeeds(fakes)
    const failures: unknown[] = []
    const leaks: string[] = []
    const step = async (run: () => unknown): Promise<void> => {
      try {
        await run()
      } catch (error) {
        failures.push(error)
      }
    }
    await step(cleanup)
    await step(() => after?.())
    for (const fake of fakes) {
      await step(() => fake.flush())
      leaks.push(...fake.clients.map((client) => `${whoIs(client)} at ${fake.address}`))
    }
    for (const fake of fakes) await step(() => fake.reset())
    if (leaks.length > 0) throw leak(task.name, leaks)
    if (failures.length > 0) throw failures[0]
  })
}

function tellSeeds(fakes: readonly FakeEventServer[]): void {
  for (const { address, log } of fakes) {
    for (const seed of seedsOf(log)) {
      console.error(
        `There was chaos at ${address}; events.chaos({ seed: ${seed} }) makes the same again.`,
      )
    }
  }
}

function leak(test: string, leaks: readonly string[]): HarnessError {
  return new HarnessError(
    'leak',
    `Cannot end "${test}": it has left open ${leaks.join(', ')}. Close that client, or close its pool in \`after\`.`,
  )
}

// Out of sight of bundlers: they would fetch it for tests that never use it.
const LIBRARY = '@testing-library/react'

/** Unmounts with Testing Library where React has rendered and nobody has unmounted. */
async function unmount(): Promise<void> {
  const { document } = globalThis as { document?: Document }
  const isRendered = [...(document?.body?.children ?? [])].some((element) =>
    // React marks what it renders into so.
    Object.entries(element).some(([key, value]) => key.startsWith('__reactContainer$') && value),
  )
  if (!isRendered) return
  try {
    const library = (await import(/* @vite-ignore */ LIBRARY)) as { readonly cleanup: () => void }
    library.cleanup()
  } catch {
    // What was not rendered with it is not for it to unmount.
  }
}

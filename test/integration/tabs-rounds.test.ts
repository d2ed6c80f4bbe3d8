import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { randomOf } from '../harness/random.ts'
import { App } from './tabs/app.ts'
import { Rounds } from './tabs/rounds.ts'

/** Another one for rounds that nobody has seen yet; an even one for a native `EventSource`. */
const seed = Number(process.env['SEED'] ?? 1)
const transport = seed % 2 === 0 ? 'event-source' : 'fetch'
/** Milliseconds after which there are no more rounds. */
const ENOUGH = 360_000

let app: App

vi.setConfig({ testTimeout: rounds(60_000, 2 * ENOUGH), hookTimeout: 60_000 })

beforeAll(async () => {
  app = await App.start()
})
afterAll(async () => app.stop())
beforeEach(async () => app.begin())
afterEach(async () => app.end())

test('whatever becomes of tabs under a thousand events a second, each hears every event once and in order, and one leads', async () => {
  const tabs = new Rounds(app, randomOf(seed), `/?transport=${transport}`)
  const began = performance.now()
  await tabs.begin()
  try {
    for (let round = 1; round <= rounds(4, 300); round += 1) {
      if (performance.now() - began > ENOUGH) break
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await tabs.next()
    }
  } catch (error) {
    const round = tabs.happened.length
    throw new Error(`Seed ${seed}, round ${round}: ${String(error)}\n${await tabs.standings()}`, {
      cause: error,
    })
  } finally {
    tabs.end()
  }
  if (rounds(0, 1)) console.log(tabs.summary(performance.now() - began))
  // Between two that lead, and while tabs read by themselves what the others remember no more; after each round it is one.
  expect(app.most).toBeLessThanOrEqual(4)
})

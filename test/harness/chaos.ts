import { finiteReplay } from '@millrace/server'
import { fakeEventServer, manualClock } from '@millrace/testing'
import type { ChaosOptions, FakeEventServer, LogRecord } from '@millrace/testing'
import { createPool } from 'millrace'
import { randomOf } from './random.ts'

const EVENTS = 30
const CLIENTS = 3

/** What came of one run. */
export interface Run {
  /** What each client has heard, in order. */
  readonly heard: readonly (readonly string[])[]
  /** What was sent. */
  readonly sent: readonly string[]
  readonly log: readonly LogRecord[]
}

/** How clients reach a fake. */
export type Reach = (events: FakeEventServer) => { fetch: typeof fetch; close: () => void }

/** Sends events through a bad network and a bad server to clients of `millrace`, until all is well again. */
export async function runThroughChaos(options: ChaosOptions, reach: Reach): Promise<Run> {
  const events = fakeEventServer('/events', { replay: finiteReplay({ count: 1_000 }) })
  const { fetch: fetcher, close } = reach(events)
  const random = randomOf(options.seed ?? 0)
  const clock = manualClock({ random: () => random.below(1_000) / 1_000 })
  const heard: string[][] = []
  const pools = Array.from({ length: CLIENTS }, () => {
    const pool = createPool({ clock, fetch: fetcher })
    const own: string[] = []
    heard.push(own)
    pool.stream('http://localhost/events?channel=pets').on('*', ({ data }) => own.push(data))
    return pool
  })
  await events.connected({ count: CLIENTS })

  const storm = events.chaos(options)
  const sent: string[] = []
  for (let number = 1; number <= EVENTS; number += 1) {
    const data = `${number} ${'äöü€'.repeat(random.below(20))}`
    sent.push(data)
    const going = events.channel('pets').send({ data })
    if (random.chance(0.7)) await going
    if (random.chance(0.3)) await clock.advance(random.below(5_000))
  }
  await events.flush()
  storm.stop()
  await clock.advance(300_000)

  const { log } = events
  for (const pool of pools) pool.close()
  await events.reset()
  close()
  return { heard, sent, log }
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPool, json, StreamError, type Pool } from 'millrace'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openFaultLabs } from '../../playground/server/faults/faults-route.ts'
import { listen } from '../../playground/server/listen.ts'
import { labFaults, LARGEST, type LabFault, type LabTick } from '../../playground/wire/faults.ts'
import { rounds } from '../environment/rounds.ts'

// They wait, and hardly work.
vi.setConfig({ maxConcurrency: 30 })

const route = openFaultLabs({ retry: 20, beat: 50 })
const server = createServer((request, response) => void route.handle(request, response))
const address = { port: 0, host: '127.0.0.1' }
let pool: Pool

beforeAll(async () => {
  await listen(server, address)
  pool = createPool()
})

afterAll(async () => {
  pool.close()
  await route.close?.()
  server.close()
  server.closeAllConnections()
})

/** Only browsers know origins. */
const elsewhere: readonly LabFault[] = ['cors']
/** They last as long as they say, by the clock on the wall. */
const patient: readonly LabFault[] = ['unreachable', 'slow', 'late', 'busy', 'limited', 'patience']
const left = rounds(1, 0) === 1 ? [...elsewhere, ...patient] : elsewhere
const faults = (Object.keys(labFaults) as LabFault[]).filter((fault) => !left.includes(fault))

/** What becomes of a stream. */
interface Outcome {
  /** Why it is closed; `undefined` where it goes on. */
  readonly reason?: string | undefined
  /** Events that never came. */
  readonly missed: number
  /** Events that came twice. */
  readonly doubled: number
  /** Events that came behind a newer one. */
  readonly disordered: number
  /** What `onError` and `onGap` were told. */
  readonly told: readonly string[]
}

const goesOn: Outcome = { reason: undefined, missed: 0, doubled: 0, disordered: 0, told: [] }

/** Where it is not that the stream goes on with every event. */
const outcomes: Partial<Record<LabFault, Partial<Outcome>>> = {
  payload: { ...goesOn, told: ['decode'] },
  order: { ...goesOn, disordered: 2 },
  repeat: { ...goesOn, doubled: 1 },
  large: { ...goesOn, missed: 1, told: ['too-large', 'too-large'] },
  // How many events nobody heard is a matter of time.
  forget: { reason: undefined, told: ['reset'] },
  over: { ...goesOn, reason: 'ended' },
  unauthorized: { ...goesOn, reason: 'refused' },
  missing: { ...goesOn, reason: 'refused' },
  html: { ...goesOn, reason: 'refused' },
}

describe('a fault of the lab', () => {
  beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
  afterAll(() => vi.restoreAllMocks())

  test.concurrent.each(faults)('%s is what it says of the client', async (fault) => {
    expect(await suffer(fault)).toMatchObject(outcomes[fault] ?? goesOn)
  })
})

/** Has the fault done to a stream that is open, and reads on until it is clear what comes of it. */
async function suffer(fault: LabFault): Promise<Outcome> {
  const told: string[] = []
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/faults`
  const stream = pool.stream(`${url}/events?lab=${fault}&channel=ticks`, {
    events: { tick: json<LabTick>() },
    heartbeatTimeout: 1_000,
    // How it ended is looked at when all that was heard has been read.
    linger: 60_000,
    maxEventSize: LARGEST,
    onError: ({ code }) => told.push(code),
    onGap: ({ reason }) => told.push(reason),
  })
  const heard: number[] = []
  let end = Infinity
  try {
    for await (const { data } of stream.events('tick')) {
      heard.push(data.seq)
      if (heard.length === 1) {
        const answer = await fetch(`${url}/inflict?lab=${fault}&fault=${fault}`, { method: 'POST' })
        const { seq } = (await answer.json()) as { seq: number }
        end = seq + 8
      }
      if (data.seq >= end) break
    }
  } catch (error) {
    if (!(error instanceof StreamError)) throw error
  }
  const { reason } = stream.connection.value
  const numbers = new Set(heard)
  const missed = Math.max(...numbers) - Math.min(...numbers) + 1 - numbers.size
  const doubled = heard.length - numbers.size
  const behind = heard.filter((seq, index) => seq < Math.max(0, ...heard.slice(0, index)))
  return { reason, missed, doubled, disordered: behind.length, told }
}

import { connect } from 'node:net'
import { exchange, microseconds } from './control.ts'
import type { Command, Published, Usage } from './control.ts'
import type { Ports } from './host.ts'
import { latencies, type Latencies } from './latencies.ts'
import { BATCH, Readers } from './readers.ts'
import { checkBytes, checkLines, expectExactly } from './stream-check.ts'

/** What the client does. */
export interface Load {
  readonly kind: 'burst' | 'single' | 'rate'
  readonly connections: number
  /** Connections besides that never read. */
  readonly stuck: number
  /** Characters of data a message. */
  readonly size: number
  /** Messages: for `burst` and `single` at most. */
  readonly messages: number
  /** Milliseconds of `burst` and `single`, the first fifth of which is warming up; messages a second of `rate`. */
  readonly pace: number
  /** Whether every byte is known beforehand. */
  readonly exact: boolean
}

/** What was seen. Every connection had each message once, in order: else there is none. */
export interface Outcome {
  /** Messages times connections. */
  readonly deliveries: number
  /** Deliveries a second, when warm. */
  readonly perSecond: number
  /** Seconds of the server's processor time. */
  readonly cpu: number
  /** Bytes that the server grew by for each connection. */
  readonly perConnection: number
  /** Bytes that the server grew by at the most, from before the first message on. */
  readonly growth: number
  /** Of `rate` alone. */
  readonly latencies: Latencies | undefined
}

// Messages that are asked for and not yet with everyone.
const WINDOW = 200

// A process of its own: everyone who is connected to the server under measurement.
const { ports, load } = JSON.parse(process.argv[2] ?? '') as { ports: Ports; load: Load }
const { connections, size, messages, pace } = load
const expectation = expectExactly(load.exact ? messages : 0, size)
const readers = new Readers(ports.http, () =>
  load.exact ? checkBytes(expectation) : checkLines(size),
)
const answers: ((answer: unknown) => void)[] = []
const tell = exchange(connect(ports.control, '127.0.0.1'), (answer) => answers.shift()?.(answer))

async function ask(command: Command): Promise<unknown> {
  tell(command)
  return new Promise((resolve) => {
    answers.push(resolve)
  })
}

function usage(collect: boolean): Promise<Usage> {
  return ask({ kind: 'usage', collect }) as Promise<Usage>
}

/** Deliveries a second from now until it is called. */
function stopwatch(): () => number {
  const at = microseconds()
  const { heard } = readers
  return () => ((readers.heard - heard) / (microseconds() - at)) * 1e6
}

/** A closed loop: never more than a window is under way. */
async function drive(kind: 'burst' | 'single'): Promise<{ sent: number; perSecond: number }> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = microseconds() + pace * 1_000
  const limit = Math.floor(messages / BATCH)
  let asked = 0
  let arrived = 0
  let perSecond = stopwatch()
  setTimeout(() => (perSecond = stopwatch()), pace / 5)
  const askOne = (): void => {
    asked += 1
    tell({ kind, count: BATCH })
  }
  readers.onBatch = () => {
    arrived += 1
    if (asked < limit && microseconds() < end) askOne()
    else if (arrived === asked) resolve()
  }
  while (asked < Math.min(WINDOW / BATCH, limit)) askOne()
  await promise
  return { sent: arrived * BATCH, perSecond: perSecond() }
}

/** An open loop: the server publishes at its pace, whoever can follow. */
async function follow(): Promise<{ sent: number; perSecond: number; latencies: Latencies }> {
  const perSecond = stopwatch()
  const seconds = messages / pace
  const published = await ask({ kind: 'rate', perSecond: pace, seconds })
  const { times } = published as Published
  while (readers.heard < messages * connections) {
    // oxlint-disable-next-line no-await-in-loop -- until all is there
    await new Promise((resolve) => setImmediate(resolve))
  }
  const found = { sent: messages, perSecond: perSecond() }
  return { ...found, latencies: latencies(times, readers.receipts) }
}

const empty = await usage(true)
await readers.open(connections)
for (let n = 0; n < load.stuck; n += 1) readers.openStuck()
const idle = await usage(true)
const before = await usage(false)
const run =
  load.kind === 'rate' ? await follow() : { ...(await drive(load.kind)), latencies: undefined }
const after = await usage(false)
readers.expectAll(run.sent)
const outcome: Outcome = {
  deliveries: run.sent * connections,
  perSecond: run.perSecond,
  cpu: after.cpu - before.cpu,
  perConnection: (idle.resident - empty.resident) / connections,
  growth: Math.max(0, after.peak - idle.resident),
  latencies: run.latencies,
}
process.send?.(outcome, () => process.exit())

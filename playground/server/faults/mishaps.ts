import { setTimeout as pause } from 'node:timers/promises'
import { encodeEvent, type ServerEvent } from '@millrace/server'
import type { FakeClient } from '@millrace/testing'
import { LARGEST, type OpenFault } from '../../wire/faults.ts'

/** Milliseconds in which what was written gets through to the page, before the connection breaks. */
const GETS_THROUGH = 50

/** Milliseconds. */
const LATENESS = 2_000

/** What a mishap is done to. */
export interface Bench {
  /** Who reads the stream now. */
  readonly clients: readonly FakeClient[]
  /** The next event, which is not published yet. */
  readonly next: (from?: string) => ServerEvent
  readonly publish: (event: ServerEvent) => Promise<void>
  /** Has the server start anew. */
  readonly forget: () => void
  /** Has whoever comes back be sent again what came before its cursor. */
  readonly sendAgain: () => void
}

/** What befalls a stream that is open. */
export const mishaps: Readonly<Record<OpenFault, (bench: Bench) => Promise<void>>> = {
  drop,
  torn: async (bench) => {
    const event = bench.next()
    await write(bench, [halves(event)[0]])
    await pause(GETS_THROUGH)
    await drop(bench)
    await bench.publish(event)
  },
  end: async ({ clients }) => {
    await Promise.all(clients.map((client) => client.end()))
  },
  half: async (bench) => {
    const event = bench.next()
    await write(bench, [halves(event)[0]])
    stall(bench)
    await bench.publish(event)
  },
  stall: async (bench) => stall(bench),
  late: async (bench) => {
    const event = bench.next()
    const [first, second] = halves(unpublished(event))
    const { clients } = bench
    await write(bench, [first])
    await pause(LATENESS)
    if (clients.some((client) => bench.clients.includes(client))) await write({ clients }, [second])
    else await bench.publish(event)
  },
  bytes: (bench) => {
    const bytes = bytesOf(unpublished(bench.next()))
    return write(
      bench,
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
    )
  },
  payload: (bench) => bench.publish({ event: 'tick', data: '{"seq": many' }),
  large: (bench) => bench.publish(bench.next('x'.repeat(LARGEST + 34_464))),
  patience: async (bench) => {
    await write(bench, [bytesOf({ retry: 3_000 })])
    await pause(GETS_THROUGH)
    await drop(bench)
  },
  order: async (bench) => {
    const events = [bench.next(), bench.next(), bench.next()]
    await Promise.all(events.toReversed().map(bench.publish))
  },
  repeat: async (bench) => {
    const event = bench.next()
    await bench.publish(event)
    await write(bench, [bytesOf(event)])
  },
  twice: async (bench) => {
    bench.sendAgain()
    await drop(bench)
  },
  forget: async (bench) => {
    const { clients } = bench
    bench.forget()
    await drop({ clients })
  },
}

/** What is written and not published has no id: the server would not know it as a cursor. */
function unpublished(event: ServerEvent): ServerEvent {
  return { ...event, id: undefined }
}

async function drop({ clients }: Pick<Bench, 'clients'>): Promise<void> {
  await Promise.all(clients.map((client) => client.drop()))
}

/** From now on nothing gets through. */
function stall({ clients }: Bench): void {
  for (const client of clients) client.stall()
}

/** Puts these on every wire, each of them one network chunk. */
async function write(
  { clients }: Pick<Bench, 'clients'>,
  chunks: readonly Uint8Array[],
): Promise<void> {
  await Promise.all(clients.map((client) => client.sendChunks(chunks)))
}

function bytesOf(block: Parameters<typeof encodeEvent>[0]): Uint8Array {
  return new TextEncoder().encode(encodeEvent(block))
}

function halves(event: ServerEvent): readonly [Uint8Array, Uint8Array] {
  const bytes = bytesOf(event)
  const middle = Math.floor(bytes.length / 2)
  return [bytes.subarray(0, middle), bytes.subarray(middle)]
}

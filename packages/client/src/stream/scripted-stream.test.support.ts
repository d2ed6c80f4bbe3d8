import type { StreamOptions } from '../options.ts'
import { createPool, type Pool } from '../pool.ts'
import {
  scriptedTransport,
  type ScriptedAttempt,
} from '../transport/scripted-transport.test.support.ts'
import type { EventMap, EventsOf, NoMap, Stream } from './stream.ts'

export const url = 'https://example.test/events'

type ScriptedTransport = ReturnType<typeof scriptedTransport>

/** A stream whose server does what the test says. */
export interface ScriptedStream<Map> {
  readonly transport: ScriptedTransport
  readonly pool: Pool
  readonly stream: Stream<EventsOf<Map>>
  /** Sends one chunk. */
  readonly send: ScriptedAttempt['send']
}

export function open<Map extends EventMap = NoMap>(
  options: StreamOptions<Map> = {},
  { hearsEveryType = true } = {},
): ScriptedStream<Map> {
  const transport = scriptedTransport({ hearsEveryType })
  const pool = createPool({ transport })
  const stream = pool.stream<Map>(url, options)
  return { transport, pool, stream, send: (...events) => transport.last().send(...events) }
}

/** When everything that waits for a turn of microtasks has had it. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await Promise.resolve()
  }
}

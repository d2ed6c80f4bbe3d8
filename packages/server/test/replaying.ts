import { createEventServer } from '../src/event-server.ts'
import { finiteReplay } from '../src/log/finite-replay.ts'
import type { EventServerOptions } from '../src/options.ts'
import { connect, resumeFrom } from './connect.ts'

type Events = ReturnType<typeof createEventServer>

/** A server that keeps three events, ids `e-1` and so on. */
export function replaying(options: EventServerOptions = {}): Events {
  return createEventServer({ epoch: 'e', replay: finiteReplay({ count: 3 }), ...options })
}

/** Publishes so many events to `a`, each with its number. */
export async function fill(events: Events, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await events.publish('a', { data: `${n}` })
}

/** What a client gets from here to the end. */
export async function hears(events: Events, cursor: string, path = '/?channel=a'): Promise<string> {
  const stream = await connect(events, path, resumeFrom(cursor))
  await events.close()
  return stream.rest()
}

/** The server's word that there is a gap. */
export const RESET = 'event: millrace-reset\ndata: \n\n'

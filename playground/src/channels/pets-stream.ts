import { eventStream, json, multiplex } from 'millrace'
import type { Sighting } from '../../wire/channels.ts'
import { streamServer } from '../flow/stream-server.ts'
import { pool } from '../pool.ts'

/** Every channel that somebody reads is asked for over one connection. */
export const pets = eventStream('/channels/events', {
  pool,
  channels: multiplex(),
  events: { sighting: json<Sighting>() },
  retry: { maxDelay: 2_000, jitter: 0.25 },
})

export const petsServer = streamServer('/channels')

/** Without a channel, to everyone. */
export async function publish(channel?: string): Promise<void> {
  const query = channel === undefined ? '' : `?${new URLSearchParams({ channel }).toString()}`
  await fetch(`/channels/publish${query}`, { method: 'POST' })
}

import { signal } from '@preact/signals-core'
import { eventStream, json } from 'millrace'
import { chanceFaults, labFaults, labUrl, LARGEST } from '../../wire/faults.ts'
import type { LabFault, LabTick } from '../../wire/faults.ts'
import { pool } from '../pool.ts'
import { emptyLabBook, enter } from './lab-book.ts'
import { note } from './timeline.ts'

/** This page has a server of its own to break: other tabs have theirs. */
const id = Math.random().toString(36).slice(2)

/** What the waits are here; the defaults are for streams that nobody watches. */
export const lab = eventStream(labUrl(id), {
  pool,
  events: { tick: json<LabTick>() },
  heartbeatTimeout: 4_000,
  maxEventSize: LARGEST,
  retry: { maxDelay: 8_000 },
  onError: ({ message }) => {
    note({ kind: 'error', what: 'onError', why: message })
  },
  onGap: ({ reason }) => {
    note({ kind: 'gap', what: 'onGap', why: reason })
  },
})

/** A lab that was started anew counts on, so that what fell into the gap is missed. */
export const book = lab.reduce('tick', (so, { data }) => enter(so, data.seq), emptyLabBook)

/** What chance begins with. */
export const seed = signal(7)

/** Has the server do it to this page's stream; one that was closed is asked for again, to meet it. */
export async function inflict(fault: LabFault): Promise<void> {
  const why = fault in chanceFaults ? `Seed ${seed.peek()}.` : ''
  note({ kind: 'fault', what: labFaults[fault].name, why })
  const wasClosed = lab.status.peek() === 'closed'
  const query = new URLSearchParams({ lab: id, fault, seed: String(seed.peek()) })
  const { status } = await fetch(`/faults/inflict?${query.toString()}`, { method: 'POST' })
  if (status !== 200) note({ kind: 'error', what: 'Not inflicted', why: `status ${status}` })
  if (wasClosed) lab.reconnect()
}

/** Takes back what was to come, and has the client try again now. */
export async function mend(): Promise<void> {
  await fetch(`/faults/inflict?lab=${id}`, { method: 'POST' })
  lab.reconnect()
}

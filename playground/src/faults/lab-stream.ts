import { eventStream, json } from 'millrace'
import { labFaults, LARGEST, type LabFault, type LabTick } from '../../wire/faults.ts'
import { emptyBook, entered, type Book } from '../flow/book.ts'
import { pool } from '../pool.ts'
import { note } from './timeline.ts'

/** This page has a server of its own to break: other tabs have theirs. */
const id = Math.random().toString(36).slice(2)

/** What the waits are here; the defaults are for streams that nobody watches. */
export const lab = eventStream(`/faults/events?lab=${id}&channel=ticks`, {
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
export const book = lab.reduce('tick', (so: Book, { data }) => entered(so, data.seq), emptyBook)

/** Has the server do it to this page's stream; a stream that is closed is asked for again first. */
export async function inflict(fault: LabFault): Promise<void> {
  note({ kind: 'fault', what: labFaults[fault].name, why: '' })
  const { status } = await fetch(`/faults/inflict?lab=${id}&fault=${fault}`, { method: 'POST' })
  if (status !== 200) note({ kind: 'error', what: 'Not inflicted', why: `status ${status}` })
  if (lab.status.peek() === 'closed') lab.reconnect()
}

/** Takes back what was to come, and has the client try again now. */
export async function mend(): Promise<void> {
  await fetch(`/faults/inflict?lab=${id}`, { method: 'POST' })
  lab.reconnect()
}

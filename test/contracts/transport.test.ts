import { EventSource } from 'eventsource'
import { eventSourceTransport, fetchTransport } from 'millrace'
import { afterAll, beforeAll } from 'vitest'
import { startWire } from '../environment/wire.ts'
import { transportContract } from './transport-contract.ts'

let wire: Awaited<ReturnType<typeof startWire>>
beforeAll(async () => {
  wire = await startWire()
})
afterAll(() => wire.close())

const origin = () => wire.origin
transportContract({ name: 'fetch', transport: fetchTransport(), origin, native: false })
transportContract({
  name: 'event-source',
  transport: eventSourceTransport({ EventSource }),
  origin,
  native: true,
  // `eventsource` strips the mark in its decoder and again in its parser; no browser does.
  breaks: ['a second byte order mark spoils its field'],
})

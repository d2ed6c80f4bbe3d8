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
transportContract({ name: 'fetch in Node', transport: fetchTransport(), origin, native: false })
transportContract({
  name: 'EventSource in Node',
  transport: eventSourceTransport({ EventSource }),
  origin,
  native: true,
})

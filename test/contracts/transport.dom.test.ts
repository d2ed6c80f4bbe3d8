import nodeConsole from 'node:console'
import { EventSource } from 'eventsource'
import { eventSourceTransport, fetchTransport } from 'millrace'
import { afterAll, beforeAll, vi } from 'vitest'
import { startWire } from '../environment/wire.ts'
import { originContract } from './origin-contract.ts'
import { transportContract } from './transport-contract.ts'

let wire: Awaited<ReturnType<typeof startWire>>
beforeAll(async () => {
  wire = await startWire()
  // Another origin would be asked by preflight, whatever the request.
  ;(window as unknown as { happyDOM: { setURL: (url: string) => void } }).happyDOM.setURL(
    wire.origin,
  )
  // happy-dom prints every status that is no success, and what CORS forbids, as a browser's console does.
  vi.spyOn(nodeConsole, 'error').mockImplementation(() => {})
  vi.spyOn(nodeConsole, 'warn').mockImplementation(() => {})
})
afterAll(() => wire.close())

const origin = () => wire.origin
const viaFetch = { name: 'fetch in happy-dom', transport: fetchTransport(), origin, native: false }
transportContract(viaFetch)
originContract(viaFetch)
transportContract({
  name: 'EventSource in happy-dom',
  transport: eventSourceTransport({ EventSource }),
  origin,
  native: true,
})

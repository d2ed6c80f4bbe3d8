import { eventSourceTransport, fetchTransport } from 'millrace'
import { originContract } from './origin-contract.ts'
import type { TransportHost } from './transport-client.ts'
import { transportContract } from './transport-contract.ts'

const origin = () => location.origin
const hosts: TransportHost[] = [
  { name: 'fetch in Chromium', transport: fetchTransport(), origin, native: false },
  { name: 'EventSource in Chromium', transport: eventSourceTransport(), origin, native: true },
]

for (const host of hosts) {
  transportContract(host)
  originContract(host)
}

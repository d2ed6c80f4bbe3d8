import { eventSourceTransport, fetchTransport } from 'millrace'
import { transportContract } from './transport-contract.ts'

const origin = () => location.origin
transportContract({ name: 'fetch', transport: fetchTransport(), origin, native: false })
transportContract({ name: 'event-source', transport: eventSourceTransport(), origin, native: true })

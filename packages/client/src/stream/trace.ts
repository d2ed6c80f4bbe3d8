import type { ConnectionEvent, ConnectionStatus } from '../connection/machine.ts'
import type { ConnectionState } from '../connection/snapshot.ts'

/** One transition of one connection: what happened, and where it led. */
export interface Trace extends ConnectionState {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Whose it was; without secrets. */
  readonly url: string
  readonly event: ConnectionEvent
  readonly from: ConnectionStatus
}

import type { ConnectionEvent, ConnectionStatus } from '../connection/machine.ts'
import type { TabReason, TabRole } from '../connection/sharing.ts'
import type { ConnectionState } from '../connection/snapshot.ts'

/**
 * One transition of one connection, or of a tab's part in it: what happened, and where it led.
 *
 * @example
 * const log = ({ url, from, event, status }: Trace) => console.debug(url, from, event, status)
 * createPool({ onTrace: log })
 */
export interface Trace extends ConnectionState {
  /** Whose it was, as in `pool.connections`. */
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Where to; without secrets. */
  readonly url: string
  /** What happened. */
  readonly event: ConnectionEvent | TabRole
  /** How it stood before. */
  readonly from: ConnectionStatus
  /** Why this tab has this role, where that is what happened. */
  readonly because?: TabReason | undefined
}

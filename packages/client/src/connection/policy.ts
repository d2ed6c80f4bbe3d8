import type { Clock } from '../clock.ts'
import type { AttemptOptions } from './attempt.ts'
import type { CursorOptions } from './cursor.ts'
import type { PageOptions } from './page.ts'
import type { RetryPolicy } from './retry.ts'

/** How a connection is kept: everything about it but what it asks for, and whom it tells. */
export interface ConnectionPolicy
  extends
    Pick<AttemptOptions, 'heartbeatTimeout'>,
    Pick<PageOptions, 'needsNetwork' | 'openWhenHidden' | 'hiddenDelay'> {
  readonly retry: RetryPolicy
  readonly clock: Clock
  readonly cursor: Omit<CursorOptions, 'clock'>
  /** Whether functions make each request, so that a refused token may be replaced. */
  readonly fresh: boolean
  /** Whether the request is sent only once, and its clean end is the end: nothing but `restart` sends it again. */
  readonly once: boolean
  /** Whether repeats are looked for where connections overlap. */
  readonly dedup: boolean
}

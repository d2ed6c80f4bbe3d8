import type { StreamError } from '../errors.ts'
import type { Gap, RawEvent } from '../event.ts'
import type { AttemptOptions } from './attempt.ts'
import type { CursorOptions } from './cursor.ts'
import type { ConnectionEvent, ConnectionStatus } from './machine.ts'
import type { PageOptions } from './page.ts'
import type { RetryRules } from './retry.ts'
import type { ConnectionState } from './snapshot.ts'

/** How a connection is kept: everything about it but what it asks for, and whom it tells. */
export interface ConnectionPolicy
  extends
    Pick<AttemptOptions, 'heartbeatTimeout'>,
    Pick<PageOptions, 'needsNetwork' | 'openWhenHidden' | 'hiddenDelay'>,
    RetryRules {
  readonly cursor: Omit<CursorOptions, 'clock'>
  /** Whether repeats are looked for where connections overlap. */
  readonly dedup: boolean
}

/** A connection: how it is kept, what it asks for, and whom it tells. */
export interface ConnectionOptions
  extends Pick<AttemptOptions, 'transport' | 'request' | 'types'>, ConnectionPolicy {
  /** Whether its channels change, so that a server may label the ids of the same events anew (`pets/dogs@17`). */
  readonly relabels: boolean
  /** Takes the events of one network chunk, and the URL of the request they came by. */
  readonly receive: (events: readonly RawEvent[], url: string) => void
  /** Whether what the newest attempt asked for leaves out what the one in use brings, and somebody reads. */
  readonly leavesOut: () => boolean
  /** An attempt is open, and is the one in use; whether it `isBehind` what has come by the one before. */
  readonly onOpened: (isBehind: boolean) => void
  /** One that was behind has come as far as the one before. */
  readonly onCaughtUp: () => void
  /** An attempt that asked for something else was refused; the one in use goes on. */
  readonly onSwapRefused: (error: StreamError | undefined) => void
  /** Events may be missing from here on. */
  readonly onGap: (gap: Gap) => void
  /** An event of this size was left out. */
  readonly onSkipped: (size: number) => void
  readonly onTransition: (
    event: ConnectionEvent,
    from: ConnectionStatus,
    to: ConnectionState,
  ) => void
}

import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import type { Clock } from '../clock.ts'
import type { StreamError } from '../errors.ts'
import { createTimer } from '../timer.ts'
import type { CloseReason, ConnectionStatus } from './machine.ts'
import type { Hold } from './page.ts'

/** Milliseconds between two refreshes of what is counted, while somebody watches. */
const REFRESH_INTERVAL = 1_000

/**
 * How a connection stands since its last transition.
 *
 * @example
 * const isDown = ({ status, attempt }: ConnectionState) => status === 'waiting' && attempt > 3
 * isDown(trades.connection.value)
 */
export interface ConnectionState {
  /** Whether it is open, or what it does instead. */
  readonly status: ConnectionStatus
  /** Failures in a row before the attempt that is made, or waited for, now; `0` while all is well. */
  readonly attempt: number
  /** When the next attempt is due, in milliseconds since the epoch; `undefined` where the browser or a hold decides. */
  readonly retryAt: number | undefined
  /** What keeps it from connecting. */
  readonly holds: readonly Hold[]
  /** Why it is closed. */
  readonly reason: CloseReason | undefined
  /** Why it is not open; `undefined` once it is. */
  readonly error: StreamError | undefined
}

/**
 * A connection as it stands. What is counted is read at the moment it is asked for.
 *
 * @example
 * const { status, events, bytes } = trades.connection.value
 */
export interface ConnectionSnapshot extends ConnectionState {
  /** The cursor. */
  readonly lastEventId: string
  /** When a byte last came, in milliseconds since the epoch. */
  readonly lastActivityAt: number | undefined
  /** Events received. */
  readonly events: number
  /** Bytes received; over a native `EventSource` only those of payloads. */
  readonly bytes: number
  /** Attempts made. */
  readonly attempts: number
}

export const idleState: ConnectionState = {
  status: 'idle',
  attempt: 0,
  retryAt: undefined,
  holds: [],
  reason: undefined,
  error: undefined,
}

/** What a connection counts. Whoever watches `changes` hears of it, once a second at the most. */
export interface Counters {
  events: number
  bytes: number
  attempts: number
  lastActivityAt: number | undefined
  readonly changes: ReadonlySignal<number>
  /** So many bytes came just now. */
  readonly active: (bytes: number) => void
}

export function createCounters(clock: Clock): Counters {
  const timer = createTimer(clock)
  let watched = false
  const changes = signal(0, {
    watched: () => {
      watched = true
    },
    unwatched: () => {
      watched = false
      timer.clear()
    },
  })
  function refresh(): void {
    changes.value += 1
  }
  const counters: Counters = {
    events: 0,
    bytes: 0,
    attempts: 0,
    lastActivityAt: undefined,
    changes,
    active: (bytes) => {
      counters.bytes += bytes
      counters.lastActivityAt = clock.now()
      if (watched && !timer.due()) timer.set(refresh, REFRESH_INTERVAL)
    },
  }
  return counters
}

/** Snapshots of a connection: a new one for each transition, and while watched for what is counted. */
export function snapshots(
  state: ReadonlySignal<ConnectionState>,
  counters: Counters,
  cursor: { readonly value: string },
): ReadonlySignal<ConnectionSnapshot> {
  return computed(() => {
    void counters.changes.value
    return {
      ...state.value,
      get lastEventId() {
        return cursor.value
      },
      get lastActivityAt() {
        return counters.lastActivityAt
      },
      get events() {
        return counters.events
      },
      get bytes() {
        return counters.bytes
      },
      get attempts() {
        return counters.attempts
      },
    }
  })
}

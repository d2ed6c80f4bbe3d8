import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import { schedule, type Clock } from '../clock.ts'
import type { StreamError } from '../errors.ts'
import type { CloseReason, ConnectionStatus } from './machine.ts'
import type { Hold } from './page.ts'

/** Milliseconds between two refreshes of what is counted, while somebody watches. */
const REFRESH_INTERVAL = 1_000

/** How a connection stands since its last transition. */
export interface ConnectionState {
  readonly status: ConnectionStatus
  /** Failures in a row before the attempt that is made, or waited for, now; `0` while all is well. */
  readonly attempt: number
  /** When the next attempt is due, in milliseconds since the epoch; `undefined` where the browser or a hold decides. */
  readonly retryAt: number | undefined
  /** What keeps it from connecting. */
  readonly holds: readonly Hold[]
  /** Why it is closed. */
  readonly reason: CloseReason | undefined
  readonly error: StreamError | undefined
}

/** A connection as it stands. What is counted is read at the moment it is asked for. */
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
export class Counters {
  events = 0
  bytes = 0
  attempts = 0
  lastActivityAt: number | undefined
  readonly changes: ReadonlySignal<number>
  readonly #clock: Clock
  #watched = false
  #refreshing: unknown
  readonly #refresh: () => void

  constructor(clock: Clock) {
    this.#clock = clock
    const changes = signal(0, {
      watched: () => {
        this.#watched = true
      },
      unwatched: () => {
        this.#watched = false
        if (this.#refreshing !== undefined) clock.clearTimeout(this.#refreshing)
        this.#refreshing = undefined
      },
    })
    this.changes = changes
    this.#refresh = () => {
      this.#refreshing = undefined
      changes.value += 1
    }
  }

  active(bytes: number): void {
    this.bytes += bytes
    this.lastActivityAt = this.#clock.now()
    if (!this.#watched || this.#refreshing !== undefined) return
    this.#refreshing = schedule(this.#clock, this.#refresh, REFRESH_INTERVAL)
  }
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

import type { Clock } from './clock.ts'
import { encodeEvent } from './encode.ts'
import { EventServerError } from './error.ts'

/**
 * When and what is sent to a connection that would be silent otherwise.
 *
 * @example
 * createEventServer({ keepAlive: { interval: 10_000, event: 'heartbeat' } })
 */
export interface KeepAliveOptions {
  /** Milliseconds of silence, more than 0 and less than 25 days. Defaults to 15,000. */
  readonly interval?: number
  /** The text of a comment. Defaults to `keepalive`, or to none where there is an `event`. */
  readonly comment?: string
  /**
   * The type of an event to be sent instead, its data empty and without an id: for clients that hear no comments, as
   * browsers' own `EventSource`. Defaults to none.
   */
  readonly event?: string
}

const encoder = new TextEncoder()

/** What breaks a silence, as it is on the wire. */
export function keepAliveBytes({ comment, event }: KeepAliveOptions): Uint8Array<ArrayBuffer> {
  if (event === '') {
    const message =
      'Cannot keep streams alive: the event has no name. Give it one, such as heartbeat.'
    throw new EventServerError('invalid-option', message)
  }
  const remark = comment ?? (event === undefined ? 'keepalive' : undefined)
  return encoder.encode(encodeEvent({ comment: remark, event }))
}

// Longer ones run at once.
const LONGEST_TIMER = 2 ** 31 - 1

/** Whatever falls silent. */
export interface Idle {
  /** When something was last written, in milliseconds since the epoch. */
  readonly idleSince: number
}

/** What the keep-alive is made with. */
export interface KeepAlivePlan<Subject extends Idle> {
  readonly clock: Clock
  /** Milliseconds. */
  readonly interval: number
  readonly subjects: Iterable<Subject>
  /** Has to move `idleSince`. */
  readonly beat: (subject: Subject, now: number) => void
}

/** One timer for everyone: `wake` when there is a first subject, `stop` when there is none. */
export interface KeepAlive {
  readonly wake: () => void
  readonly stop: () => void
}

/** A keep-alive that runs while there are subjects, and never for one that was written to meanwhile. */
export function createKeepAlive<Subject extends Idle>(plan: KeepAlivePlan<Subject>): KeepAlive {
  const { clock, interval, subjects, beat } = plan
  if (typeof interval !== 'number' || !(interval > 0 && interval <= LONGEST_TIMER)) {
    const message = `Cannot keep streams alive: the interval is ${interval}. Give 1 to ${LONGEST_TIMER} milliseconds, or keepAlive: false.`
    throw new EventServerError('invalid-option', message)
  }
  // Who is due within a tenth of the interval is served along, so that many sessions share few rounds.
  const due = interval - interval / 10
  let timer: unknown

  function round(): void {
    timer = undefined
    const now = clock.now()
    let oldest = Infinity
    for (const subject of subjects) {
      if (now - subject.idleSince >= due) beat(subject, now)
      oldest = Math.min(oldest, subject.idleSince)
    }
    // A clock that was set back must not put the next round off.
    if (oldest !== Infinity) arm(Math.min(Math.max(oldest + interval - now, 1), interval))
  }

  function arm(delay: number): void {
    timer ??= clock.setTimeout(round, delay)
  }

  return {
    wake: () => {
      arm(interval)
    },
    stop: () => {
      clock.clearTimeout(timer)
      timer = undefined
    },
  }
}

import { LONGEST_TIMER } from './clock.ts'
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

/** Whatever falls silent. */
export interface Idle {
  /** When something was last written, in milliseconds since the epoch. */
  readonly idleSince: number
  /** Milliseconds of silence that it bears; `undefined` where that is as many as the others. */
  readonly keepAlive: number | undefined
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

/** One timer for everyone: `wake` for each new subject, `stop` when there is none. */
export interface KeepAlive {
  readonly wake: (subject: Idle) => void
  readonly stop: () => void
}

/** Throws on what is no interval. */
export function checkInterval(interval: unknown): void {
  if (typeof interval === 'number' && interval > 0 && interval <= LONGEST_TIMER) return
  const message = `Cannot keep streams alive: the interval is ${String(interval)}. Give 1 to ${LONGEST_TIMER} milliseconds, or keepAlive: false.`
  throw new EventServerError('invalid-option', message)
}

/** A keep-alive that runs while there are subjects, and never for one that was written to meanwhile. */
export function createKeepAlive<Subject extends Idle>(plan: KeepAlivePlan<Subject>): KeepAlive {
  const { clock, interval, subjects, beat } = plan
  checkInterval(interval)
  let timer: unknown
  /** When the timer is due. */
  let armed = Infinity

  function round(): void {
    armed = Infinity
    const now = clock.now()
    let next = Infinity
    for (const subject of subjects) {
      const patience = subject.keepAlive ?? interval
      // Who is due within a tenth of the interval is served along, so that many sessions share few rounds.
      if (now - subject.idleSince >= patience * 0.9) beat(subject, now)
      // A clock that was set back must not put the next round off.
      const left = Math.min(Math.max(subject.idleSince + patience - now, 1), patience)
      next = Math.min(next, left)
    }
    if (next !== Infinity) arm(next)
  }

  function arm(delay: number): void {
    const due = clock.now() + delay
    if (armed <= due) return
    clock.clearTimeout(timer)
    armed = due
    timer = clock.setTimeout(round, delay)
  }

  return {
    wake: ({ keepAlive }) => {
      arm(keepAlive ?? interval)
    },
    stop: () => {
      clock.clearTimeout(timer)
      armed = Infinity
    },
  }
}

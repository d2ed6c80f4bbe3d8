import type { Clock } from '../clock.ts'
import { guarded, type StreamError } from '../errors.ts'
import type { Elsewhere, Outcome } from '../transport/transport.ts'
import type { CloseReason } from './machine.ts'
import { errorOf } from './outcome-error.ts'

/**
 * When to try again.
 *
 * @example
 * createPool({ retry: { initialDelay: 500, maxRetries: 10 } })
 */
export interface RetryPolicy {
  /** Milliseconds before the first retry. Defaults to `1_000`. */
  readonly initialDelay: number
  /** What the delay is multiplied by after each failure. Defaults to `2`. */
  readonly factor: number
  /** The longest delay, in milliseconds. Defaults to `30_000`. */
  readonly maxDelay: number
  /** How much of the delay is left to chance, from `0` (none) to `1` (all of it). Defaults to `1`. */
  readonly jitter: number
  /** How many retries in a row; the first attempt does not count. Defaults to `Infinity`. */
  readonly maxRetries: number
  /** Milliseconds from the first failure in a row, after which no retry is begun. Defaults to `Infinity`. */
  readonly maxElapsed: number
  /** Milliseconds of good service after which failures are forgotten. Defaults to `10_000`. */
  readonly resetAfter: number
  /**
   * Has the last word on whether to try again: `true` or `false`, or `undefined` to leave it to the rules.
   *
   * @example
   * createPool({ retry: { retryOn: (outcome) => (outcome.kind === 'status' && outcome.status === 404 ? true : undefined) } })
   */
  readonly retryOn: ((outcome: Outcome) => boolean | undefined) | undefined
}

export const defaultRetryPolicy: RetryPolicy = {
  initialDelay: 1_000,
  factor: 2,
  maxDelay: 30_000,
  jitter: 1,
  maxRetries: Infinity,
  maxElapsed: Infinity,
  resetAfter: 10_000,
  retryOn: undefined,
}

/** Failures in a row. */
export interface Streak {
  readonly failures: number
  /** When the first of them was. */
  readonly since: number | undefined
  /** Whether the one retry that a refused token gets is used up. */
  readonly refreshed: boolean
}

export const noFailures: Streak = { failures: 0, since: undefined, refreshed: false }

/** How it stood with an attempt that has ended. */
export interface Circumstances {
  readonly streak: Streak
  /** When it was accepted; `undefined` where it was not. */
  readonly openedAt: number | undefined
  /** Whether it brought an event. */
  readonly heard: boolean
  /** The server's `retry` field, in milliseconds. */
  readonly serverDelay: number | undefined
}

/** What decides with it. */
export interface RetryRules {
  readonly retry: RetryPolicy
  readonly clock: Clock
  /** Whether the request is made anew by functions, so that the next one may carry a fresh token. */
  readonly fresh: boolean
  /** Whether the request is sent only once, and its clean end is the end. */
  readonly once: boolean
}

/** The outcomes that something follows from. */
export type Decided = Exclude<Outcome | Elsewhere, { kind: 'handover' }>

/** Nothing forbids to try again. */
export const NOW = { delay: 0, shortest: 0, floor: 0 }

/** What follows from an attempt's end. */
export interface Decision {
  /** Why there is to be no other attempt; `undefined` where there is to be one. */
  readonly reason: CloseReason | undefined
  /** Milliseconds until the next. */
  readonly delay: number
  /** Milliseconds before which somebody new may not hasten it, so that readers who come and go hammer no server. */
  readonly shortest: number
  /** Milliseconds before which nothing may: what the server asked for in `Retry-After`. */
  readonly floor: number
  readonly streak: Streak
  readonly error: StreamError | undefined
}

/** Whether and when there is to be another attempt. */
export function decide(
  outcome: Decided,
  { retry: policy, clock, fresh, once }: RetryRules,
  given: Circumstances,
): Decision {
  // Where another tab has the connection, it has decided.
  if (outcome.kind === 'closed') return { ...outcome, ...NOW, streak: given.streak }
  const now = clock.now()
  const { refreshed } = given.streak
  const before = provenGood(outcome, given, now, policy) ? noFailures : given.streak
  const attempt = before.failures + 1
  const since = before.since ?? now
  const floor = retryAfterOf(outcome, now)
  // An app that fails to say leaves it to the rules.
  const told = guarded(() => policy.retryOn?.(outcome))
  const renews = isTokenRefused(outcome) && fresh && !once && !refreshed && told !== false
  const delay = renews
    ? floor
    : Math.max(retryDelay(policy, attempt, given.serverDelay, clock.random()), floor)
  const spent =
    told === false || attempt > policy.maxRetries || now + delay - since > policy.maxElapsed
  const reason = renews
    ? undefined
    : ((told ? undefined : ruleFor(outcome, once)) ?? (spent ? 'gave-up' : undefined))
  return {
    reason,
    delay,
    shortest: Math.min(reason ? Infinity : delay, Math.max(policy.initialDelay, floor)),
    floor,
    streak: { failures: renews ? before.failures : attempt, since, refreshed: refreshed || renews },
    error: errorOf(outcome, { attempt, retryAt: reason ? undefined : now + delay }, reason),
  }
}

/** A server that accepts and drops is not good; one that ends each batch in order is. */
function provenGood(
  { kind }: Outcome,
  { openedAt, heard }: Circumstances,
  now: number,
  { resetAfter }: RetryPolicy,
): boolean {
  return openedAt !== undefined && ((kind === 'end' && heard) || now - openedAt >= resetAfter)
}

function isTokenRefused(outcome: Outcome): boolean {
  return outcome.kind === 'status' && [401, 403].includes(outcome.status)
}

/** Why the outcome is the last; `undefined` where there may be another attempt. */
function ruleFor(outcome: Outcome, once: boolean): CloseReason | undefined {
  const { kind } = outcome
  if (kind === 'no-content') return 'ended'
  if (kind === 'unsupported') return kind
  if (kind === 'content-type') return 'refused'
  if (kind === 'status') return !once && isPassing(outcome.status) ? undefined : 'refused'
  if (once) return kind === 'end' ? 'ended' : 'interrupted'
  return undefined
}

function isPassing(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status)
}

/**
 * Milliseconds until the next attempt.
 *
 * Of the client's own delay, jitter takes away; to a delay that the server asked for, it only adds.
 */
function retryDelay(
  { initialDelay, factor, maxDelay, jitter }: RetryPolicy,
  failures: number,
  serverDelay: number | undefined,
  random: number,
): number {
  // From nothing nothing grows, and a server that says `retry: 0` would be asked without end.
  const base = Math.max(serverDelay ?? initialDelay, 1)
  const grown = Math.min(Math.max(maxDelay, base), base * factor ** (failures - 1))
  const chance = jitter * random
  const delay = grown * (1 + (serverDelay === undefined ? -chance : chance))
  // A production build checks no options: what is no number is not to hammer a server.
  return delay >= 0 ? delay : defaultRetryPolicy.maxDelay
}

const HOUR = 3_600_000

/**
 * The `Retry-After` of an outcome in milliseconds from `now`: RFC 9110, 10.2.3, "either an HTTP-date or a number of
 * seconds".
 *
 * The date form is capped at an hour, because a wrong clock on either side must not silence a page for days.
 */
function retryAfterOf(outcome: Outcome, now: number): number {
  const header = outcome.kind === 'status' ? outcome.retryAfter : undefined
  if (header === undefined) return 0
  const seconds = Number(header)
  if (seconds >= 0 && seconds < Infinity) return seconds * 1_000
  return Math.min(Math.max(Date.parse(header) - now, 0) || 0, HOUR)
}

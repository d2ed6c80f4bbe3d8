import { report, type StreamError } from '../errors.ts'
import type { Elsewhere, Outcome } from '../transport/transport.ts'
import type { CloseReason } from './machine.ts'
import { errorOf, type Attempted } from './outcome-error.ts'

/** When to try again. */
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

/** What is known when an attempt has ended. */
export interface Circumstances {
  readonly policy: RetryPolicy
  readonly streak: Streak
  readonly now: number
  /** A number from 0 up to 1. */
  readonly random: number
  /** When this attempt was accepted; `undefined` where it was not. */
  readonly openedAt: number | undefined
  /** Whether it brought an event. */
  readonly heard: boolean
  /** The server's `retry` field, in milliseconds. */
  readonly serverDelay: number | undefined
  /** Whether the request is made anew by functions, so that the next one may carry a fresh token. */
  readonly fresh: boolean
  /** Whether the request is sent only once, and its clean end is the end. */
  readonly once: boolean
}

/** The outcomes that something follows from. */
export type Decided = Exclude<Outcome | Elsewhere, { kind: 'handover' }>

/** What follows from an attempt's end. */
export type Decision = Retrying | Closing

/** There is to be another attempt. */
interface Retrying {
  readonly next: 'retry'
  /** Milliseconds until then. */
  readonly delay: number
  /** Milliseconds before which somebody new may not hasten it, so that readers who come and go hammer no server. */
  readonly shortest: number
  /** Milliseconds before which nothing may: what the server asked for in `Retry-After`. */
  readonly floor: number
  readonly streak: Streak
  readonly error: StreamError | undefined
}

/** There is to be no other, until somebody asks for it. */
export interface Closing {
  readonly next: 'close'
  readonly reason: CloseReason
  /** Milliseconds before which somebody new may not have it tried again. */
  readonly shortest: number
  readonly floor: number
  readonly streak: Streak
  readonly error: StreamError | undefined
}

/** Whether and when there is to be another attempt. */
export function decide(outcome: Decided, given: Circumstances): Decision {
  const { policy, now } = given
  // Where another tab has the connection, it has decided.
  if (outcome.kind === 'closed') {
    const { reason, error } = outcome
    return { next: 'close', reason, shortest: 0, floor: 0, streak: given.streak, error }
  }
  const before = provenGood(outcome, given) ? noFailures : given.streak
  const streak: Streak = {
    failures: before.failures + 1,
    since: before.since ?? now,
    refreshed: given.streak.refreshed,
  }
  const tried: Attempted = { attempt: streak.failures }
  const floor = retryAfterOf(outcome, now)
  const told = toldBy(policy, outcome)
  if (isTokenRefused(outcome) && given.fresh && !streak.refreshed && told !== false) {
    const error = errorOf(outcome, { ...tried, retryAt: now + floor })
    const refreshed = { ...streak, failures: before.failures, refreshed: true }
    return { next: 'retry', delay: floor, shortest: floor, floor, streak: refreshed, error }
  }
  const shortest = Math.max(policy.initialDelay, floor)
  const close = (reason: CloseReason): Decision => ({
    next: 'close',
    reason,
    shortest,
    floor,
    streak,
    error: errorOf(outcome, tried, reason),
  })
  const rule = ruleFor(outcome, given.once)
  if (told === false) return close(rule ?? 'gave-up')
  if (told === undefined && rule !== undefined) return close(rule)
  const delay = retryDelay({ ...given, failures: streak.failures, floor })
  const spent = now + delay - (streak.since ?? now) > policy.maxElapsed
  if (streak.failures > policy.maxRetries || spent) {
    return close('gave-up')
  }
  return {
    next: 'retry',
    delay,
    shortest: Math.min(delay, shortest),
    floor,
    streak,
    error: errorOf(outcome, { ...tried, retryAt: now + delay }),
  }
}

/** A server that accepts and drops is not good; one that ends each batch in order is. */
function provenGood(outcome: Outcome, { openedAt, heard, now, policy }: Circumstances): boolean {
  if (openedAt === undefined) return false
  if (outcome.kind === 'end' && heard) return true
  return now - openedAt >= policy.resetAfter
}

function isTokenRefused(outcome: Outcome): boolean {
  return outcome.kind === 'status' && (outcome.status === 401 || outcome.status === 403)
}

const passing: ReadonlySet<number> = new Set([408, 425, 429])

/** What the app says of it; an app that fails to say leaves it to the rules. */
function toldBy({ retryOn }: RetryPolicy, outcome: Outcome): boolean | undefined {
  try {
    return retryOn?.(outcome)
  } catch (error) {
    report(error)
    return undefined
  }
}

/** Why the outcome is the last; `undefined` where there may be another attempt. */
function ruleFor(outcome: Outcome, once: boolean): CloseReason | undefined {
  switch (outcome.kind) {
    case 'no-content':
      return 'ended'
    case 'unsupported':
      return 'unsupported'
    case 'content-type':
      return 'refused'
    case 'status':
      return once || !(outcome.status >= 500 || passing.has(outcome.status)) ? 'refused' : undefined
    case 'end':
      return once ? 'ended' : undefined
    case 'network':
    case 'request':
    case 'silent':
    case 'unknown':
      return once ? 'interrupted' : undefined
  }
}

/**
 * Milliseconds until the next attempt.
 *
 * Of the client's own delay, jitter takes away; to a delay that the server asked for, it only adds.
 */
function retryDelay({
  policy,
  failures,
  serverDelay,
  floor,
  random,
}: Pick<Circumstances, 'policy' | 'serverDelay' | 'random'> & {
  readonly failures: number
  readonly floor: number
}): number {
  // From nothing nothing grows, and a server that says `retry: 0` would be asked without end.
  const base = Math.max(serverDelay ?? policy.initialDelay, 1)
  const ceiling = Math.max(policy.maxDelay, base)
  const grown = Math.min(ceiling, base * policy.factor ** (failures - 1))
  const chance = policy.jitter * random
  const delay = serverDelay === undefined ? grown * (1 - chance) : grown * (1 + chance)
  return Math.max(delay, floor)
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
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000
  const date = Date.parse(header)
  return Number.isNaN(date) ? 0 : Math.min(Math.max(date - now, 0), HOUR)
}

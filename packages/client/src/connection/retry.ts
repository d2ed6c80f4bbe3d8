import { StreamError } from '../errors.ts'
import type { Outcome } from '../transport/transport.ts'

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
  /** Milliseconds of good service after which failures are forgotten. Defaults to `10_000`. */
  readonly resetAfter: number
}

export const defaultRetryPolicy: RetryPolicy = {
  initialDelay: 1_000,
  factor: 2,
  maxDelay: 30_000,
  jitter: 1,
  maxRetries: Infinity,
  resetAfter: 10_000,
}

/** What follows from an attempt's end. */
export type Verdict = 'retry' | 'ended' | 'refused'

const passing: ReadonlySet<number> = new Set([408, 425, 429])

/** Whether another attempt makes sense after this outcome. */
export function verdict(outcome: Outcome): Verdict {
  switch (outcome.kind) {
    case 'no-content':
      return 'ended'
    case 'content-type':
      return 'refused'
    case 'status':
      return outcome.status >= 500 || passing.has(outcome.status) ? 'retry' : 'refused'
    case 'unsupported':
      return 'refused'
    case 'end':
    case 'network':
    case 'request':
    case 'silent':
    case 'unknown':
      return 'retry'
  }
}

/** The outcome as an error; `undefined` where the server meant to end. */
export function errorOf(outcome: Outcome): StreamError | undefined {
  switch (outcome.kind) {
    case 'end':
    case 'no-content':
      return undefined
    case 'unsupported':
      return new StreamError(
        'unsupported',
        `Cannot open the stream: there is no ${outcome.need} here. Bring one, or name another transport.`,
      )
    case 'request':
      return new StreamError(
        'network',
        'Cannot open the stream: the function that makes its request failed.',
        { cause: outcome.cause },
      )
    case 'silent':
      return new StreamError('network', 'Cannot read the stream: it has fallen silent.')
    case 'network':
      return new StreamError(
        'network',
        'Cannot read the stream: the request failed, or the connection broke off.',
        { cause: outcome.cause },
      )
    case 'unknown':
      return new StreamError(
        'network',
        'Cannot read the stream: the browser closed its EventSource and does not say why. Use the fetch transport to see statuses.',
      )
    case 'status':
      return new StreamError(
        'status',
        `Cannot open the stream: the server answered with status ${outcome.status}.`,
        { status: outcome.status },
      )
    case 'content-type':
      return new StreamError(
        'content-type',
        `Cannot open the stream: the server answered with content type "${outcome.contentType}". Make it answer with text/event-stream.`,
        { status: 200 },
      )
  }
}

/** What the delay depends on, beside the policy. */
export interface RetryCircumstances {
  /** Failures in a row, the one just seen included: at least 1. */
  readonly failures: number
  /** The server's `retry` field, in milliseconds. */
  readonly serverDelay: number | undefined
  /** The server's `Retry-After`, in milliseconds. */
  readonly retryAfter: number | undefined
  /** A number from 0 up to 1. */
  readonly random: number
}

/**
 * Milliseconds until the next attempt.
 *
 * Of the client's own delay, jitter takes away; to a delay that the server asked for, it only adds.
 */
export function retryDelay(policy: RetryPolicy, circumstances: RetryCircumstances): number {
  const { failures, serverDelay, retryAfter, random } = circumstances
  // From nothing nothing grows, and a server that says `retry: 0` would be asked without end.
  const base = Math.max(serverDelay ?? policy.initialDelay, 1)
  const ceiling = Math.max(policy.maxDelay, base)
  const grown = Math.min(ceiling, base * policy.factor ** (failures - 1))
  const chance = policy.jitter * random
  const delay = serverDelay === undefined ? grown * (1 - chance) : grown * (1 + chance)
  return Math.max(delay, retryAfter ?? 0)
}

/** Milliseconds before which nobody may wake a wait, so that readers who come and go do not hammer a server. */
export function shortestWait(policy: RetryPolicy, delay: number, retryAfter = 0): number {
  return Math.min(delay, Math.max(policy.initialDelay, retryAfter))
}

const HOUR = 3_600_000

/**
 * A `Retry-After` header in milliseconds from `now`: RFC 9110, 10.2.3, "either an HTTP-date or a number of seconds".
 *
 * The date form is capped at an hour, because a wrong clock on either side must not silence a page for days.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - now, 0), HOUR)
}

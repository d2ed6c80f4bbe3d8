import type { EventServerError } from './error.ts'

/**
 * How a provider stands that depends on something that can go away.
 *
 * @example
 * const healthy = events.stats.provider?.status === 'ready'
 */
export interface ProviderState {
  /** `connecting` until it has been ready once, `away` whenever it is not any more. */
  readonly status: 'connecting' | 'ready' | 'away' | 'closed'
  /** Since when, in milliseconds since the epoch. */
  readonly since: number
  /** Why it is away; `undefined` where it is not. */
  readonly error: EventServerError | undefined
  /** Publishes that wait for it. */
  readonly waiting: number
}

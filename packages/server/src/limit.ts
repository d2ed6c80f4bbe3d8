import { EventServerError } from './error.ts'

const LIMITS = ['maxBacklog', 'maxSessions', 'maxSessionsPerClient', 'maxChannels'] as const

/** What bounds a server. */
export type Limits = { readonly [name in (typeof LIMITS)[number]]?: number }

/** Throws on a bound that would bound nothing: there is no more than `NaN`. */
export function checkLimits(limits: Limits): void {
  for (const name of LIMITS) {
    const limit = limits[name]
    if (limit === undefined || limit >= 0) continue
    throw new EventServerError(
      'invalid-option',
      `Cannot bound the server: ${name} is ${limit}. Give a number of at least 0.`,
    )
  }
}

import { EventServerError } from './error.ts'
import type { EventServerErrorCode } from './error.ts'
import { isThenable } from './thenable.ts'

/** What is told about a failure: its code, and what cannot be done now. */
export interface Failure {
  readonly code: EventServerErrorCode
  readonly what: string
  readonly remedy: string
}

/** Where failures go that have no caller to go to. */
export interface Reporter {
  readonly report: (error: EventServerError) => void
  /** Runs a caller's hook: what it throws, or rejects with, is reported and harms nobody. */
  readonly hook: (name: string, run: () => unknown) => void
}

/** A reporter to `onError`, which defaults to `console.error`. */
export function createReporter(
  onError: (error: EventServerError) => void = (error) => {
    console.error(error)
  },
): Reporter {
  const report = (error: EventServerError): void => {
    try {
      onError(error)
    } catch (cause) {
      console.error(cause)
    }
  }
  const hook = (name: string, run: () => unknown): void => {
    const failed = (cause: unknown): void => report(hookFailed(name, cause))
    try {
      const result = run()
      if (isThenable(result)) result.then(undefined, failed)
    } catch (cause) {
      failed(cause)
    }
  }
  return { report, hook }
}

/** The error of a hook that threw. */
export function hookFailed(name: string, cause: unknown): EventServerError {
  return failure({ code: 'hook-failed', what: `run ${name}`, remedy: `Catch in ${name}` }, cause)
}

/** The error of a failure; one that is an `EventServerError` already stays what it is. */
export function failure({ code, what, remedy }: Failure, cause: unknown): EventServerError {
  if (cause instanceof EventServerError) return cause
  const because = cause instanceof Error ? cause.message : String(cause)
  return new EventServerError(code, `Cannot ${what}: ${because}. ${remedy}.`, { cause })
}

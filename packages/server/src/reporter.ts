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

const lost = (cause: unknown): void => console.error(cause)

/** A reporter to `onError`, which defaults to `console.error`. */
export function createReporter(
  onError: (error: EventServerError) => unknown = (error) => {
    console.error(error)
  },
): Reporter {
  const report = (error: EventServerError): void => guard(() => onError(error), lost)
  const hook = (name: string, run: () => unknown): void =>
    guard(run, (cause) => report(hookFailed(name, cause)))
  return { report, hook }
}

function guard(run: () => unknown, failed: (cause: unknown) => void): void {
  try {
    const result = run()
    if (isThenable(result)) result.then(undefined, failed)
  } catch (cause) {
    failed(cause)
  }
}

/** The error of a hook that threw. */
export function hookFailed(name: string, cause: unknown): EventServerError {
  return failure({ code: 'hook-failed', what: `run ${name}`, remedy: `Catch in ${name}` }, cause)
}

/** The error of a failure; one that is an `EventServerError` already stays what it is. */
export function failure({ code, what, remedy }: Failure, cause: unknown): EventServerError {
  if (cause instanceof EventServerError) return cause
  const because = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
  return new EventServerError(code, `Cannot ${what}: ${because}. ${remedy}.`, { cause })
}

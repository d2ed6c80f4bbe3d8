import type { StreamError } from '../errors.ts'
import { failure } from '../failure.ts'

/** That an event was left out. */
export function tooLarge(size: number): StreamError {
  return failure(
    'too-large',
    `Cannot take an event of ${size} characters or more: maxEventSize is less.`,
  )
}

import { StreamError } from '../errors.ts'

/** That an event was left out. */
export function tooLarge(size: number): StreamError {
  return new StreamError(
    'too-large',
    `Cannot take an event of ${size} characters or more: it is larger than maxEventSize, and was left out. Raise maxEventSize, or send less at a time.`,
  )
}

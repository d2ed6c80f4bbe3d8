import { advised } from '#development'
import { StreamError } from '../errors.ts'

/** That an event was left out. */
export function tooLarge(size: number): StreamError {
  const message = `Cannot take an event of ${size} characters or more: it is larger than maxEventSize, and was left out.`
  return new StreamError('too-large', advised(message, 'too-large'))
}

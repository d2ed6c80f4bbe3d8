import { advised } from '#development'
import { StreamError, type StreamErrorCode, type StreamErrorDetails } from './errors.ts'

/** An error for an app to look at; in a development build with what to do about it, which depends on what it is `about`. */
export function failure(
  code: StreamErrorCode,
  message: string,
  details?: StreamErrorDetails,
  about: string = code,
): StreamError {
  return new StreamError(code, advised(message, about), details)
}

/**
 * What went wrong, for programs:
 *
 * - `network`: the request failed, or the stream broke off
 * - `status`: the server answered with a status that is no event stream
 * - `content-type`: the server answered with something else than `text/event-stream`
 * - `gave-up`: the retries allowed are used up
 * - `decode`: a payload did not decode; the event was dropped, the stream goes on
 * - `unsupported`: thrown; the transport in use cannot do this
 * - `invalid-argument`: thrown; a call was wrong, and nothing was changed by it
 */
export type StreamErrorCode =
  | 'network'
  | 'status'
  | 'content-type'
  | 'gave-up'
  | 'decode'
  | 'unsupported'
  | 'invalid-argument'

export interface StreamErrorDetails {
  /** The HTTP status, where the server answered. */
  readonly status?: number | undefined
  /** The raw text that did not decode. */
  readonly data?: string | undefined
  readonly cause?: unknown
}

/**
 * The one error class of Millrace: `code` is for programs, `message` for people.
 *
 * @example
 * if (stream.error.value?.code === 'status') console.log(stream.error.value.status)
 */
export class StreamError extends Error {
  override readonly name = 'StreamError'
  readonly code: StreamErrorCode
  readonly status: number | undefined
  readonly data: string | undefined

  constructor(code: StreamErrorCode, message: string, details: StreamErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.status = details.status
    this.data = details.data
  }
}

/** Tells the page of an error that nobody can catch, without stopping what is under way. */
export function report(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error)
  else console.error(error)
}

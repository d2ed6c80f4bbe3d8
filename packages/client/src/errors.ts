/**
 * What went wrong, for programs:
 *
 * - `network`: the request failed, or the stream broke off
 * - `silent`: nothing was heard for longer than `heartbeatTimeout`
 * - `status`: the server answered with a status that is no event stream
 * - `content-type`: the server answered with something else than `text/event-stream`
 * - `request`: a function that makes the request (`url`, `headers`) failed, or took longer than `heartbeatTimeout`
 * - `interrupted`: a stream that is asked for only once broke off
 * - `gave-up`: the policy allows no more retries
 * - `too-large`: an event was larger than `maxEventSize`; it was left out, the stream goes on
 * - `decode`: a payload did not decode; the event was dropped, the stream goes on
 * - `unsupported`: the transport cannot do this, or what it needs is missing here
 * - `invalid-argument`: thrown; a call was wrong, and nothing was changed by it
 *
 * @example
 * if (trades.error.value?.code === 'gave-up') showRetryButton()
 */
export type StreamErrorCode =
  | 'network'
  | 'silent'
  | 'status'
  | 'content-type'
  | 'request'
  | 'interrupted'
  | 'gave-up'
  | 'too-large'
  | 'decode'
  | 'unsupported'
  | 'invalid-argument'

/**
 * What an error knows beside its code.
 *
 * @example
 * sink.interrupted(new StreamError('network', 'The socket broke.', { cause }))
 */
export interface StreamErrorDetails {
  /** The HTTP status, where the server answered. */
  readonly status?: number | undefined
  /** Which attempt in a row failed, from 1. */
  readonly attempt?: number | undefined
  /** When the next attempt is due, in milliseconds since the epoch; `undefined` where there is to be none. */
  readonly retryAt?: number | undefined
  /** The raw text that did not decode. */
  readonly data?: string | undefined
  /** What it came of. */
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
  /** What went wrong, for programs. */
  declare readonly code: StreamErrorCode
  /** The HTTP status, where the server answered. */
  declare readonly status: number | undefined
  /** Which attempt in a row failed, from 1. */
  declare readonly attempt: number | undefined
  /** When the next attempt is due, in milliseconds since the epoch; `undefined` where there is to be none. */
  declare readonly retryAt: number | undefined
  /** The raw text that did not decode. */
  declare readonly data: string | undefined

  constructor(code: StreamErrorCode, message: string, details: StreamErrorDetails = {}) {
    super(message, details)
    Object.assign(this, details, { code })
  }
}

/** What comes of what is not ours; a mistake in it is reported, and stops nothing. */
export function guarded<Value>(run: () => Value): Value | undefined {
  try {
    return run()
  } catch (error) {
    report(error)
    return undefined
  }
}

/** Tells the page of an error that nobody can catch, without stopping what is under way. */
export function report(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error)
  else console.error(error)
}

/**
 * What an `EventServerError` is about: a closed set.
 *
 * @example
 * createEventServer({ onError: ({ code }) => metrics.count(code) })
 */
export type EventServerErrorCode =
  | 'invalid-channel'
  | 'invalid-event'
  | 'invalid-option'
  | 'closed'
  | 'publish-failed'
  | 'publish-unconfirmed'
  | 'provider-away'
  | 'encode-failed'
  | 'replay-failed'
  | 'hook-failed'
  | 'authorize-failed'
  | 'slow'

/**
 * The one error class of this package: `code` is for programs, `message` for people.
 *
 * @example
 * events.publish('pets', { data: 'Corgi', id: 'a\nb' }).catch((error) => error.code) // 'invalid-event'
 */
export class EventServerError extends Error {
  override readonly name = 'EventServerError'
  /** What it is about, for programs. */
  readonly code: EventServerErrorCode

  constructor(code: EventServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Whether an error says that a client does not read what it is sent. */
export function isSlow(error: unknown): boolean {
  return error instanceof EventServerError && error.code === 'slow'
}

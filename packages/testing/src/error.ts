/**
 * What a `HarnessError` is about: a closed set.
 *
 * - `nobody-connected`: there is nobody to send to, to drop or to end
 * - `not-connected`: everything has gone quiet, and the connections waited for are not there
 * - `still-busy`: something moves without end, so nothing can be said to be delivered
 * - `fake-timers`: the harness was imported after timers had been faked
 * - `unsupported`: this cannot be done here
 * - `wrong-address`: a request went to another address than the fake's
 * - `invalid-argument`: a call was wrong; nothing was changed by it
 */
export type HarnessErrorCode =
  | 'nobody-connected'
  | 'not-connected'
  | 'still-busy'
  | 'fake-timers'
  | 'unsupported'
  | 'wrong-address'
  | 'invalid-argument'

/**
 * The one error class of this package: `code` is for programs, `message` for people.
 *
 * @example
 * await expect(events.send({ data: 'hello' })).rejects.toMatchObject({ code: 'nobody-connected' })
 */
export class HarnessError extends Error {
  override readonly name = 'HarnessError'
  readonly code: HarnessErrorCode

  constructor(code: HarnessErrorCode, message: string) {
    super(message)
    this.code = code
  }

  /** Gives it the stack of another error: that of the call it is about. */
  pointTo(call: Error): void {
    const frames = call.stack?.slice(call.stack.indexOf('\n')) ?? ''
    this.stack = `${this.name}: ${this.message}${frames}`
  }
}

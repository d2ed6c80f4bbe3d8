/**
 * What a `HarnessError` is about: a closed set.
 *
 * - `nobody-connected`: there is nobody to send to, to drop or to end
 * - `not-connected`: everything has gone quiet, and the connections waited for are not there
 * - `half-an-event`: what was to be sent would have become a part of half an event that was written before
 * - `still-busy`: something moves without end, so nothing can be said to be delivered
 * - `fake-timers`: the harness was imported after timers had been faked
 * - `unsupported`: this cannot be done here
 * - `wrong-address`: a request went to another address than the fake's
 * - `not-a-stream`: what was to be recorded is no event stream
 * - `leak`: a test has ended, and somebody is still connected
 * - `invalid-argument`: a call was wrong; nothing was changed by it
 *
 * @example
 * await expect(events.drop()).rejects.toMatchObject({ code: 'nobody-connected' satisfies HarnessErrorCode })
 */
export type HarnessErrorCode =
  | 'nobody-connected'
  | 'not-connected'
  | 'half-an-event'
  | 'still-busy'
  | 'fake-timers'
  | 'unsupported'
  | 'wrong-address'
  | 'not-a-stream'
  | 'leak'
  | 'invalid-argument'

/**
 * The one error class of this package: `code` is for programs, `message` for people.
 *
 * @example
 * await expect(events.send({ data: 'hello' })).rejects.toMatchObject({ code: 'nobody-connected' })
 */
export class HarnessError extends Error {
  override readonly name = 'HarnessError'
  /** What it is about, for programs. */
  readonly code: HarnessErrorCode

  constructor(code: HarnessErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Makes an error lead to the line of the test, by the stack of the call that it came of. */
export function leadTo(call: Error, error: unknown): void {
  if (!(error instanceof Error)) return
  const frames = call.stack?.slice(call.stack.indexOf('\n')) ?? ''
  // Ours say something about the call alone; those of others say first where they come from.
  const head = error instanceof HarnessError ? `${error.name}: ${error.message}` : error.stack
  Reflect.set(error, 'stack', `${head}${frames}`)
}

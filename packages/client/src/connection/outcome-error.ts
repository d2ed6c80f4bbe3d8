import type { StreamError, StreamErrorDetails } from '../errors.ts'
import { failure } from '../failure.ts'
import type { Elsewhere, Outcome } from '../transport/transport.ts'
import type { CloseReason } from './machine.ts'

/** Which attempt it was, and when the next is due. */
export type Attempted = Pick<StreamErrorDetails, 'attempt' | 'retryAt'>

/** Why nothing is read; of some there is more to say, at the end. */
const reasons: Readonly<
  Record<Exclude<Outcome['kind'], 'no-content'> | 'gave-up' | 'interrupted', string>
> = {
  end: 'the server ended it',
  network: 'the request failed, or the connection broke off',
  unknown: 'the browser closed its EventSource and does not say why',
  silent: 'nothing came for longer than heartbeatTimeout',
  request: 'the function for its URL or headers failed, or took too long',
  status: 'the server answered with status ',
  'content-type': 'the server answered with content type ',
  unsupported: 'here is no ',
  'gave-up': 'the retry policy allows no more; failures in a row: ',
  interrupted: 'it broke off, and its request is sent only once',
}

/** Whatever an outcome may tell. */
interface Told {
  readonly kind: (Outcome | Elsewhere)['kind']
  readonly status?: number
  readonly contentType?: string
  readonly need?: string
  readonly cause?: unknown
  readonly error?: StreamError | undefined
}

/** An attempt's outcome as an error; `undefined` where nothing failed. */
export function errorOf(
  outcome: Outcome | Elsewhere,
  attempted: Attempted,
  reason?: CloseReason,
): StreamError | undefined {
  const { kind, status, contentType, need, cause, error }: Told = outcome
  if (kind === 'no-content' || kind === 'handover' || kind === 'closed') return error
  if (kind === 'end' && reason !== 'gave-up') return undefined
  const known = { ...attempted, status }
  const failed = failure(
    kind === 'end' || kind === 'unknown' ? 'network' : kind,
    `Cannot read the stream: ${reasons[kind]}${status ?? contentType ?? need ?? ''}.`,
    { ...known, cause },
    kind,
  )
  if (reason !== 'gave-up' && reason !== 'interrupted') return failed
  const count = reason === 'gave-up' ? attempted.attempt : ''
  const message = `Cannot read the stream: ${reasons[reason]}${count}.`
  return failure(reason, message, { ...known, cause: failed })
}

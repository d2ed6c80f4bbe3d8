import type { StreamError, StreamErrorDetails } from '../errors.ts'
import { failure } from '../failure.ts'
import type { Elsewhere, Outcome } from '../transport/transport.ts'
import type { CloseReason } from './machine.ts'

/** Which attempt it was, and when the next is due. */
export type Attempted = Pick<StreamErrorDetails, 'attempt' | 'retryAt'>

const words: Readonly<Record<Exclude<Outcome['kind'], 'no-content'>, string>> = {
  end: 'Cannot read on: the server ended the stream',
  network: 'Cannot read the stream: the request failed, or the connection broke off',
  unknown: 'Cannot read the stream: the browser closed its EventSource and does not say why',
  silent: 'Cannot read the stream: nothing came for longer than heartbeatTimeout',
  request: 'Cannot make the request: the function for its URL or headers failed, or took too long',
  status: 'Cannot open the stream: the server answered with status ',
  'content-type': 'Cannot open the stream: the server answered with content type ',
  unsupported: 'Cannot open the stream: here is no ',
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
  const code = kind === 'end' || kind === 'unknown' ? 'network' : kind
  const told = `${words[kind]}${status ?? contentType ?? need ?? ''}.`
  const failed = failure(code, told, { ...known, cause }, kind)
  if (reason !== 'gave-up' && reason !== 'interrupted') return failed
  const why =
    reason === 'gave-up'
      ? `Cannot keep the stream: ${attempted.attempt} in a row failed, and the retry policy allows no more.`
      : 'Cannot read on: the stream broke off, and its request is sent only once.'
  return failure(reason, why, { ...known, cause: failed })
}

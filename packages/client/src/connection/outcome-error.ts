import { StreamError, type StreamErrorCode, type StreamErrorDetails } from '../errors.ts'
import type { Elsewhere, Outcome } from '../transport/transport.ts'
import type { CloseReason } from './machine.ts'

/** Which attempt it was, and when the next is due. */
export type Attempted = Pick<StreamErrorDetails, 'attempt' | 'retryAt'>

/** An attempt's outcome as an error; `undefined` where nothing failed. */
export function errorOf(
  outcome: Outcome | Elsewhere,
  attempted: Attempted,
  reason?: CloseReason,
): StreamError | undefined {
  if (outcome.kind === 'no-content' || outcome.kind === 'handover') return undefined
  if (outcome.kind === 'closed') return outcome.error
  if (outcome.kind === 'end' && reason !== 'gave-up') return undefined
  const [code, message] = words(outcome)
  const status = outcome.kind === 'status' ? outcome.status : undefined
  const cause = 'cause' in outcome ? outcome.cause : undefined
  const error = new StreamError(code, message, { ...attempted, status, cause })
  if (reason !== 'gave-up' && reason !== 'interrupted') return error
  const text =
    reason === 'gave-up'
      ? `Cannot keep the stream: ${String(attempted.attempt)} in a row failed, and the retry policy allows no more. Call reconnect() to start again.`
      : 'Cannot read on: the stream broke off, and its request is sent only once. Call reconnect() to send it again.'
  return new StreamError(reason, text, { ...attempted, status, cause: error })
}

function words(outcome: Exclude<Outcome, { kind: 'no-content' }>): [StreamErrorCode, string] {
  switch (outcome.kind) {
    case 'end':
      return ['network', 'Cannot read on: the server ended the stream.']
    case 'network':
      return [
        'network',
        'Cannot read the stream: the request failed, or the connection broke off. See error.cause.',
      ]
    case 'unknown':
      return [
        'network',
        'Cannot read the stream: the browser closed its EventSource and does not say why. Use the fetch transport to see statuses.',
      ]
    case 'silent':
      return [
        'silent',
        'Cannot read the stream: nothing came for longer than heartbeatTimeout. Have the server send comments more often.',
      ]
    case 'request':
      return [
        'request',
        'Cannot make the request: the function for its URL or headers failed, or took too long. See error.cause.',
      ]
    case 'status':
      return [
        'status',
        `Cannot open the stream: the server answered with status ${outcome.status}.`,
      ]
    case 'content-type':
      return [
        'content-type',
        `Cannot open the stream: the server answered with content type "${outcome.contentType}". Make it answer with text/event-stream.`,
      ]
    case 'unsupported':
      return [
        'unsupported',
        `Cannot open the stream: there is no ${outcome.need} here. Pass one, or name another transport.`,
      ]
  }
}

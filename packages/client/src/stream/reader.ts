import type { AttemptContext } from '../connection/attempt.ts'
import type { StreamError } from '../errors.ts'
import type { Gap, StreamEvent } from '../event.ts'
import type { TransportRequest } from '../transport/transport.ts'
import type { Decoder } from './decode.ts'

/** Whoever takes the events of some types, or of all (`'*'`), from a stream or from one channel of it. */
export interface Reader {
  readonly types: readonly string[]
  /** The same by name, for a transport that has to be told; `undefined` for all where nobody knows their names. */
  readonly named: readonly string[] | undefined
  /** Empty for the whole stream. */
  readonly channel: string
  readonly decoderOf: (type: string) => Decoder<unknown>
  readonly receive: (event: StreamEvent<unknown>) => void
  /** One of its events did not decode. */
  readonly fail: (error: StreamError, type: string) => void
  /** Is told of an event's failure once, however many readers have it. */
  readonly onError: ((error: StreamError) => void) | undefined
  /** Is told, in its place among the events, that some were missed. */
  readonly missed: (gap: Gap) => void
  /** Is told of a gap once, however many readers have it. */
  readonly onGap: ((gap: Gap) => void) | undefined
  /** Is told at once that nobody will tell it anything any more. */
  readonly closed: () => void
  /** Is told, after all its events, that no more will come: with the error, where that is why. */
  readonly ended: ((error: StreamError | undefined) => void) | undefined
  /** How it would ask for what it reads. */
  readonly request: MakeRequest
}

/** Makes the request for these channels; those that the stream's own URL names come on top. */
export type MakeRequest = (
  asked: AskedChannels,
  lastEventId: string,
  context: AttemptContext,
) => TransportRequest | Promise<TransportRequest>

/** What a request asks for. */
export interface AskedChannels {
  readonly channels: readonly string[]
  /** Of these, what is new to the stream, and so needs no replay from its cursor. */
  readonly added: readonly string[]
}

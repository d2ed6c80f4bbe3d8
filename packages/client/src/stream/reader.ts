import type { StreamError } from '../errors.ts'
import type { Gap, StreamEvent } from '../event.ts'
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
  readonly fail: (error: StreamError, type: string) => void
  /** Is told of an event's failure once, however many readers have it. */
  readonly onError: ((error: StreamError) => void) | undefined
  /** Is told, in its place among the events, that some were missed. */
  readonly missed?: ((gap: Gap) => void) | undefined
  /** Is told at once that nobody will tell it anything any more. */
  readonly closed: () => void
  /** Is told, after all its events, that no more will come: with the error, where that is why. */
  readonly ended?: ((error: StreamError | undefined) => void) | undefined
}

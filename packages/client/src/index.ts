export type { Clock } from './clock.ts'
export type { RequestOptions, PerAttempt } from './connection/request.ts'
export type { ConnectionStatus } from './connection/machine.ts'
export type { RetryPolicy } from './connection/retry.ts'
export { eventStream, setDefaultPool } from './default-pool.ts'
export { StreamError, type StreamErrorCode, type StreamErrorDetails } from './errors.ts'
export type { Gap, RawEvent, StreamEvent } from './event.ts'
export {
  createPool,
  type ConnectOptions,
  type Pool,
  type PoolOptions,
  type StreamOptions,
} from './pool.ts'
export { multiplex, queryChannel, type ChannelScheme } from './stream/channel.ts'
export { json, text, type Decoder } from './stream/decode.ts'
export type { SelectOptions } from './stream/stores.ts'
export type {
  AnyEvents,
  DataOf,
  EventMap,
  EventOf,
  ListenOptions,
  Stream,
  TypeOf,
} from './stream/stream.ts'
export {
  eventSourceTransport,
  type EventSourceClass,
  type EventSourceTransportOptions,
} from './transport/event-source.ts'
export { fetchTransport, type FetchTransportOptions } from './transport/fetch.ts'
export type {
  Link,
  Outcome,
  Transport,
  TransportRequest,
  TransportSink,
} from './transport/transport.ts'

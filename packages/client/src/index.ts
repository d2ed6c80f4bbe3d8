export type { ReadonlySignal } from '@preact/signals-core'
export type { Clock } from './clock.ts'
export type { AttemptContext } from './connection/attempt.ts'
export type { CursorStorage } from './connection/cursor.ts'
export type { CloseReason, ConnectionEvent, ConnectionStatus } from './connection/machine.ts'
export type { Hold } from './connection/page.ts'
export type { PerAttempt, RequestOptions, StreamUrl } from './connection/request.ts'
export type { RetryPolicy } from './connection/retry.ts'
export type {
  SharedFeed,
  SharedRequest,
  TabMember,
  TabReason,
  TabRole,
  TabSharing,
} from './connection/sharing.ts'
export { eventStream, setDefaultPool } from './default-pool.ts'
export { StreamError, type StreamErrorCode, type StreamErrorDetails } from './errors.ts'
export type { Gap, RawEvent, StreamEvent } from './event.ts'
export type { ConnectionSnapshot, ConnectionState } from './connection/snapshot.ts'
export type { ConnectOptions, PoolOptions, StreamOptions } from './options.ts'
export { createPool, type Pool } from './pool.ts'
export { readEvents, type ReadEventsOptions } from './read-events.ts'
export {
  multiplex,
  pathChannel,
  queryChannel,
  type ChannelScheme,
  type ChannelSchemeOptions,
} from './stream/channel.ts'
export { json, text, type DecodeFunction, type Decoder, type OutputOf } from './stream/decode.ts'
export type { FeedSnapshot } from './stream/feed.ts'
export type { StandardSchema } from './stream/standard-schema.ts'
export type { HistoryOptions, ReduceOptions, SelectOptions } from './stream/stores.ts'
export type {
  AnyEvents,
  AnyStream,
  DataOf,
  EventMap,
  EventOf,
  EventsOf,
  IterateOptions,
  ListenOptions,
  NoMap,
  Stream,
  TypeOf,
  TypeOrAll,
} from './stream/stream.ts'
export type { Trace } from './stream/trace.ts'
export {
  eventSourceTransport,
  type EventSourceClass,
  type EventSourceTransportOptions,
} from './transport/event-source.ts'
export { fetchTransport, type FetchTransportOptions } from './transport/fetch.ts'
export type {
  Elsewhere,
  Link,
  Outcome,
  Transport,
  TransportRequest,
  TransportSink,
} from './transport/transport.ts'

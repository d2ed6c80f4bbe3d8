'use client'

export { PoolProvider } from './pool-provider.ts'
export {
  useEventStream,
  type EventStreamView,
  type ReadOptions,
  type Reducing,
  type Selecting,
  type Starting,
} from './use-event-stream.ts'
export type {
  EventFrom,
  OptionsFor,
  Source,
  SourceOptions,
  TypeFrom,
  UrlOptions,
} from './source.ts'
export { useStore } from './use-store.ts'
export { useStreamEvent } from './use-stream-event.ts'
export { useStreamStatus } from './use-stream-status.ts'

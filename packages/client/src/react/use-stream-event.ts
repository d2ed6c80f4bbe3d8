import { useEffect } from 'react'
import type { StreamEvent } from '../event.ts'
import type { Decoder } from '../stream/decode.ts'
import type { EventOf, Stream, TypeOf } from '../stream/stream.ts'
import { useHandle, type Source, type SourceOptions, type UrlOptions } from './use-handle.ts'
import { useNewest } from './use-newest.ts'

/**
 * Calls `listener` for every event of a type, with the newest closure; the component does not re-render.
 *
 * @example
 * useStreamEvent(trades, 'order', (event) => toast(event.data))
 */
export function useStreamEvent<Events, Type extends TypeOf<Events> | '*'>(
  source: Stream<Events> | null,
  type: Type,
  listener: (event: EventOf<Events, Type>) => void,
  options?: SourceOptions,
): void
export function useStreamEvent<Data = string>(
  source: string | URL | null,
  type: string,
  listener: (event: StreamEvent<Data>) => void,
  options?: UrlOptions & { readonly decode?: Decoder<Data> | undefined },
): void
export function useStreamEvent(
  source: unknown,
  type: string,
  listener: (event: never) => void,
  options: UrlOptions = {},
): void {
  const stream = useHandle(source as Source<never>, type, options)
  const newest = useNewest(listener)
  useEffect(
    () => stream?.on(type, (event) => newest.current(event as never)),
    [stream, type, newest],
  )
}

import { useEffect } from 'react'
import { checkHook, checkListening } from '#development'
import type { DecodeFunction, Decoder } from '../stream/decode.ts'
import type { EventFrom, Handle, OptionsFor, Source, TypeFrom, UrlOptions } from './source.ts'
import { useHandle, type Seat } from './use-handle.ts'

/**
 * Calls `listener` for every event of a type, with the newest closure; the component does not re-render.
 *
 * @example
 * useStreamEvent(trades, 'order', (event) => toast(event.data))
 */
export function useStreamEvent<
  From extends Source,
  Type extends TypeFrom<From> | 'message',
  Decode extends Decoder<unknown> = DecodeFunction<string>,
>(
  source: From,
  type: Type,
  listener: (event: EventFrom<From, Type, Decode>) => void,
  options?: OptionsFor<From, Decode>,
): void
export function useStreamEvent(
  source: Source,
  type: string,
  listener: (event: never) => void,
  options: UrlOptions = {},
): void {
  checkHook(source, options)
  checkListening(type, listener, {})
  const { stream, hear } = useHandle(source, options, (stream, _, seat: Seat<Heard>) => {
    const hear = seat.kept?.hear ?? ((event: never) => seat.kept?.listener(event))
    return { stream, listener, hear }
  })
  useEffect(() => stream?.on(type, hear as (event: unknown) => void), [stream, type, hear])
}

interface Heard {
  readonly stream: Handle | null | undefined
  readonly listener: (event: never) => void
  /** Calls the newest. */
  readonly hear: (event: never) => void
}

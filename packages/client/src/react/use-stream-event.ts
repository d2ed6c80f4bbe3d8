import { useEffect } from 'react'
import { checkHook, checkListening } from '#development'
import type { DecodeFunction, Decoder } from '../stream/decode.ts'
import type { EventFrom, OptionsFor, Source, TypeFrom, UrlOptions } from './source.ts'
import { useHandle } from './use-handle.ts'

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
  const { stream, newest } = useHandle(source, type, options, () => listener)
  useEffect(
    () => stream?.on(type, (event) => newest.current?.kept?.(event as never)),
    [stream, type, newest],
  )
}

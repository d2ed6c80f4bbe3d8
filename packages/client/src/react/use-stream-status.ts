import { useCallback, useSyncExternalStore } from 'react'
import { checkHook } from '#development'
import type { ConnectionStatus } from '../connection/machine.ts'
import type { Decoder } from '../stream/decode.ts'
import { useHandle, type OptionsFor, type Source, type UrlOptions } from './use-handle.ts'

/**
 * How the connection stands. It holds nothing open: a status light alone opens no stream.
 *
 * @example
 * function Light() {
 *   return <i data-status={useStreamStatus(trades)} />
 * }
 */
export function useStreamStatus<From extends Source>(
  source: From,
  options?: OptionsFor<From, Decoder<unknown>>,
): ConnectionStatus
export function useStreamStatus(source: Source, options: UrlOptions = {}): ConnectionStatus {
  checkHook(source, options)
  const { stream } = useHandle(source, 'message', options)
  const subscribe = useCallback(
    (notify: () => void) => stream?.status.subscribe(notify) ?? nothing,
    [stream],
  )
  return useSyncExternalStore(
    subscribe,
    () => stream?.status.peek() ?? 'idle',
    () => 'idle',
  )
}

function nothing(): void {}

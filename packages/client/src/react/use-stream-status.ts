import { useSyncExternalStore } from 'react'
import { signal } from '@preact/signals-core'
import { checkHook } from '#development'
import type { ConnectionStatus } from '../connection/machine.ts'
import type { Decoder } from '../stream/decode.ts'
import type { OptionsFor, Source, UrlOptions } from './source.ts'
import { useHandle } from './use-handle.ts'
import { subscriptionTo } from './one-subscription.ts'

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
  const { stream } = useHandle(source, options, (stream) => ({ stream }))
  const status = stream?.status ?? idle
  return useSyncExternalStore(
    subscriptionTo(status),
    () => status.peek(),
    () => 'idle',
  )
}

const idle = signal<ConnectionStatus>('idle')

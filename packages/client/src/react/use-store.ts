import { useSyncExternalStore } from 'react'
import type { ReadonlySignal } from '@preact/signals-core'
import { checkStore } from '#development'
import { initialValueOf } from '../stream/stores.ts'
import { subscriptionTo } from './one-subscription.ts'

/**
 * The value of any store or signal; the component re-renders when it changes. A server render shows a store's first.
 *
 * @example
 * const volume = trades.reduce('tick', (sum, event) => sum + event.data.size, 0)
 * function Volume() {
 *   return <output>{useStore(volume)}</output>
 * }
 */
export function useStore<Value>(store: ReadonlySignal<Value>): Value {
  checkStore(store)
  return useSyncExternalStore(
    subscriptionTo(store),
    () => store.peek(),
    () => initialValueOf(store),
  )
}

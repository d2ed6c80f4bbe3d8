import { useCallback, useSyncExternalStore } from 'react'
import type { ReadonlySignal } from '@preact/signals-core'

/**
 * The value of any store or signal; the component re-renders when it changes.
 *
 * @example
 * const volume = trades.reduce('tick', (sum, event) => sum + event.data.size, 0)
 * function Volume() {
 *   return <output>{useStore(volume)}</output>
 * }
 */
export function useStore<Value>(store: ReadonlySignal<Value>): Value {
  const subscribe = useCallback((notify: () => void) => store.subscribe(notify), [store])
  const read = () => store.peek()
  return useSyncExternalStore(subscribe, read, read)
}

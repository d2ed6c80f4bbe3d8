// solid/use-store.ts
import { createSignal, onCleanup, onMount, type Accessor } from 'solid-js'

interface Store<Value> {
  peek(): Value
  subscribe(listener: (value: Value) => void): () => void
}

export function useStore<Value>(store: Store<Value>): Accessor<Value> {
  const [value, setValue] = createSignal(store.peek())
  onMount(() => onCleanup(store.subscribe((next) => setValue(() => next))))
  return value
}

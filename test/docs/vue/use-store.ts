// vue/use-store.ts
import { shallowRef, watchPostEffect, type ShallowRef } from 'vue'

interface Store<Value> {
  peek(): Value
  subscribe(listener: (value: Value) => void): () => void
}

export function useStore<Value>(store: Store<Value>): Readonly<ShallowRef<Value>> {
  const value = shallowRef(store.peek()) as ShallowRef<Value>
  watchPostEffect((onCleanup) => onCleanup(store.subscribe((next) => (value.value = next))))
  return value
}

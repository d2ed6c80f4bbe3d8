import { signal, type ReadonlySignal, type Signal } from '@preact/signals-core'
import type { StreamEvent } from '../event.ts'

/** Starts to read, and returns what stops it. With `last`, reading starts at the last event there was. */
export type Watch<Data> = (
  receive: (event: StreamEvent<Data>) => void,
  options?: { readonly last: boolean },
) => () => void

/** The newest event. */
export function latestStore<Data>(
  watch: Watch<Data>,
): ReadonlySignal<StreamEvent<Data> | undefined> {
  return watchedSignal<StreamEvent<Data> | undefined>(undefined, (store) =>
    watch(
      (event) => {
        store.value = event
      },
      { last: true },
    ),
  )
}

export interface SelectOptions<Value> {
  /** Whether two selected values are the same, so that nobody need hear of the second. Defaults to `Object.is`. */
  readonly equals?: ((a: Value, b: Value) => boolean) | undefined
}

/** What a selector makes of the newest event. A selector that throws keeps the last value. */
export function selectStore<Data, Value>(
  watch: Watch<Data>,
  selector: (event: StreamEvent<Data>) => Value,
  { equals = Object.is }: SelectOptions<Value> = {},
): ReadonlySignal<Value | undefined> {
  return watchedSignal<Value | undefined>(undefined, (store) =>
    watch(
      (event) => {
        const value = selector(event)
        const last = store.peek()
        if (last === undefined || !equals(last, value)) store.value = value
      },
      { last: true },
    ),
  )
}

/** What a reducer makes of every event that arrives while the store is watched. */
export function reduceStore<Data, Value>(
  watch: Watch<Data>,
  reducer: (value: Value, event: StreamEvent<Data>) => Value,
  initialValue: Value,
): ReadonlySignal<Value> {
  return watchedSignal(initialValue, (store) =>
    watch((event) => {
      store.value = reducer(store.peek(), event)
    }),
  )
}

/** A signal that is fed exactly while somebody watches it: signals' own watching is the whole reference count. */
function watchedSignal<Value>(
  initial: Value,
  feed: (store: Signal<Value>) => () => void,
): ReadonlySignal<Value> {
  let stop: (() => void) | undefined
  const store: Signal<Value> = signal(initial, {
    watched: () => {
      stop = feed(store)
    },
    unwatched: () => {
      stop?.()
      stop = undefined
    },
  })
  return store
}

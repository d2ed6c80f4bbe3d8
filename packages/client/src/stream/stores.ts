import { signal, type ReadonlySignal, type Signal } from '@preact/signals-core'
import type { StreamEvent } from '../event.ts'
import { Selection } from './selection.ts'

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
  { equals }: SelectOptions<Value> = {},
): ReadonlySignal<Value | undefined> {
  const selection = new Selection<Data, Value>()
  return watchedSignal<Value | undefined>(undefined, (store) =>
    watch(
      (event) => {
        store.value = selection.take(event, selector, equals)
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
  initialValues.set(store, initial)
  return store
}

const initialValues = new WeakMap<object, unknown>()

/** What a store held before it was first fed; any other signal's value as it is. */
export function initialValueOf<Value>(store: ReadonlySignal<Value>): Value {
  return initialValues.has(store) ? (initialValues.get(store) as Value) : store.peek()
}

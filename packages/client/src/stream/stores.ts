import { computed, Signal, untracked, type ReadonlySignal } from '@preact/signals-core'
import { checkHistory, checkReducing, checkSelecting } from '#development'
import { guarded } from '../errors.ts'
import type { Gap, StreamEvent } from '../event.ts'
import { byChunk, type Commit } from './commit.ts'
import { Selection } from './selection.ts'

/** Where a store has its events from. */
export interface Supply<Data> {
  /** Starts to read, and returns what stops it. With `last`, reading starts at the last event there was. */
  readonly read: (
    receive: (event: StreamEvent<Data>) => void,
    options: { readonly last: boolean; readonly missed: (gap: Gap) => void },
  ) => () => void
  /** The last event there was, where there is one already. */
  readonly last: () => StreamEvent<Data> | undefined
  /** When what was read becomes the store's value. */
  readonly commit: () => Commit
}

/** The newest event. */
export function latestStore<Data>(
  supply: Supply<Data>,
): ReadonlySignal<StreamEvent<Data> | undefined> {
  let newest: StreamEvent<Data> | undefined
  return fedSignal(supply, undefined, {
    last: true,
    take: (event) => {
      newest = event
    },
    value: () => newest,
  })
}

/**
 * When a selection is another one.
 *
 * @example
 * trades.select('depth', (event) => event.data.bids, { equals: (a, b) => a.length === b.length })
 */
export interface SelectOptions<Value> {
  /** Whether two selected values are the same, so that nobody need hear of the second. Defaults to `Object.is`. */
  readonly equals?: ((a: Value, b: Value) => boolean) | undefined
}

/** What a selector makes of the newest event. A selector that throws keeps the last value. */
export function selectStore<Data, Value>(
  supply: Supply<Data>,
  selector: (event: StreamEvent<Data>) => Value,
  options: SelectOptions<Value> = {},
): ReadonlySignal<Value | undefined> {
  checkSelecting(selector, options)
  const { equals } = options
  const selection = new Selection<Data, Value>()
  let newest: StreamEvent<Data>
  return fedSignal<Data, Value | undefined>(supply, undefined, {
    last: true,
    take: (event) => {
      newest = event
    },
    value: () => selection.take(newest, selector, equals),
  })
}

/**
 * What a gap means to a value that adds up.
 *
 * @example
 * board.reduce('cell', paint, blank, { onGap: 'restart' })
 */
export interface ReduceOptions {
  /** Whether a gap in the stream leaves the value as it is, or starts it anew. Defaults to `'keep'`. */
  readonly onGap?: 'keep' | 'restart' | undefined
}

/** What a reducer makes of every event that arrives while the store is watched. */
export function reduceStore<Data, Value>(
  supply: Supply<Data>,
  reducer: (value: Value, event: StreamEvent<Data>) => Value,
  initialValue: Value,
  options: ReduceOptions = {},
): ReadonlySignal<Value> {
  checkReducing(reducer, options)
  const { onGap } = options
  let value = initialValue
  return fedSignal(supply, initialValue, {
    take: (event) => {
      value = reducer(value, event)
    },
    restart:
      onGap === 'restart' &&
      (() => {
        value = initialValue
      }),
    value: () => value,
  })
}

/**
 * How much of a history is kept.
 *
 * @example
 * log.history('line', { limit: 1_000 })
 */
export interface HistoryOptions extends ReduceOptions {
  /** How many events are kept, at the most. Defaults to `100`. */
  readonly limit?: number | undefined
}

/** The last events that arrived while the store was watched, the oldest first. */
export function historyStore<Data>(
  supply: Supply<Data>,
  options: HistoryOptions = {},
): ReadonlySignal<readonly StreamEvent<Data>[]> {
  checkHistory(options)
  const { limit = 100, onGap } = options
  const none: readonly StreamEvent<Data>[] = []
  // What is shown does not move before the next commit; of what came since the last, only this much can ever be shown.
  const fresh: StreamEvent<Data>[] = []
  const committed: StreamEvent<Data>[] = []
  let shown = none
  let commits = 0
  const hold = (events: StreamEvent<Data>[], event: StreamEvent<Data>) => {
    if (events.push(event) > 2 * limit) events.splice(0, limit)
  }
  const moves = fedSignal(supply, commits, {
    take: (event) => hold(fresh, event),
    restart:
      onGap === 'restart' &&
      (() => {
        fresh.length = 0
        committed.length = 0
        shown = none
      }),
    value: () => {
      for (const event of fresh) hold(committed, event)
      fresh.length = 0
      return (commits += 1)
    },
  })
  // An array for each commit that is looked at, whose readers may keep it; an event costs the same, however many are kept.
  const history = computed(() => {
    void moves.value
    if (committed.length > 0) shown = shown.concat(committed).slice(-limit)
    committed.length = 0
    return shown
  })
  initialValues.set(history, none)
  return history
}

/** How a store makes its value of what it is fed. */
interface Feeding<Data, Value> {
  readonly take: (event: StreamEvent<Data>) => void
  /** What it makes of all it has taken. */
  readonly value: () => Value
  /** Forgets all it has taken, where that is what a gap means. */
  readonly restart?: (() => void) | false
  /** Whether it is first fed the last event there was. */
  readonly last?: boolean
}

/** A signal that nobody writes but who feeds it. */
class Store<Value> extends Signal<Value> {
  /** What is done before it is looked at. */
  look: (() => void) | false = false

  override get value(): Value {
    if (this.look) this.look()
    return super.value
  }
}

// Preact knows what it may show by its constructor, and gives signals another.
delete (Store.prototype as { constructor?: unknown }).constructor

// What `super.value = …` calls, which takes three times as long to find it.
const { set: write } = Object.getOwnPropertyDescriptor(Signal.prototype, 'value') as {
  readonly set: (this: Signal, value: unknown) => void
}

/** A signal that is fed exactly while somebody watches it: signals' own watching is the whole reference count. */
function fedSignal<Data, Value>(
  supply: Supply<Data>,
  initial: Value,
  { take, value, restart, last = false }: Feeding<Data, Value>,
): ReadonlySignal<Value> {
  // What it is fed at the start of the watching is what it starts with.
  let commit = byChunk
  let stop: (() => void) | undefined
  const publish = () => write.call(store, value())
  const store = new Store(initial, {
    watched: () => {
      store.look = false
      stop = supply.read(
        (event) => {
          take(event)
          commit.due(publish)
        },
        {
          last,
          missed: () => {
            if (!restart) return
            restart()
            commit.due(publish)
          },
        },
      )
      commit = supply.commit()
    },
    unwatched: () => {
      stop?.()
      stop = undefined
      commit.settle(publish)
      commit = byChunk
      store.look = look
    },
  })
  // React, say, looks before it watches: what is there already is not to be shown one render late.
  const look: typeof store.look =
    last &&
    (() => {
      // Who decodes or selects may look at it, too.
      store.look = false
      untracked(() =>
        guarded(() => {
          const newest = supply.last()
          if (!newest) return
          take(newest)
          publish()
        }),
      )
      store.look = look
    })
  store.look = look
  initialValues.set(store, initial)
  return store
}

const initialValues = new WeakMap<object, unknown>()

/** What a store held before it was first fed; any other signal's value as it is. */
export function initialValueOf<Value>(store: ReadonlySignal<Value>): Value {
  return initialValues.has(store) ? (initialValues.get(store) as Value) : store.peek()
}

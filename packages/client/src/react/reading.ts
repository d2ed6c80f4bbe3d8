import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core'
import type { ConnectionStatus } from '../connection/machine.ts'
import { guarded, type StreamError } from '../errors.ts'
import type { StreamEvent } from '../event.ts'
import { knownIn } from '../known-in.ts'
import { Selection } from '../stream/selection.ts'
import type { Asked } from './asked.ts'
import { oneSubscription, type Subscribe } from './one-subscription.ts'
import type { Handle, UrlOptions } from './source.ts'

type AnyEvent = StreamEvent<unknown>

/** The parts of a hook's options that may be other functions at each render. */
export interface Functions {
  readonly select?: ((event: AnyEvent) => unknown) | undefined
  readonly equals?: ((a: unknown, b: unknown) => boolean) | undefined
  readonly reducer?: ((value: unknown, event: AnyEvent) => unknown) | undefined
  readonly initialValue?: unknown
}

/** One way for a component to read a stream, in the terms of `useSyncExternalStore`. */
export interface Reading {
  readonly subscribe: Subscribe
  readonly snapshot: (functions: Functions) => unknown
  readonly initial: (functions: Functions) => unknown
  /** What the component is given, where that is not the snapshot itself. */
  readonly view?: (functions: Functions) => unknown
}

type Asking = Asked<Reading, UrlOptions & Functions>

/** All that there is to be seen of one type of a stream. */
interface Sight {
  readonly event: AnyEvent | undefined
  readonly status: ConnectionStatus
  readonly error: StreamError | undefined
}

const unseen: Sight = { event: undefined, status: 'idle', error: undefined }

/** A sight as it changes, for however many components look at it. */
interface Scene {
  readonly sight: ReadonlySignal<Sight>
  readonly subscribe: Subscribe
}

const empty: Scene = { sight: signal(unseen), subscribe: () => () => {} }

const scenes = new WeakMap<ReadonlySignal<unknown>, Scene>()

function sceneOf(stream: Handle | undefined, type: string): Scene {
  if (stream === undefined) return empty
  const store = stream.latest(type)
  return knownIn(scenes, store, () => {
    const { status, error } = stream
    const sight = computed(() => ({ event: store.value, status: status.value, error: error.value }))
    const subscribe = oneSubscription((tell) =>
      effect(() => {
        // What cannot be read throws here; within a computed signal that would leave it half watched.
        void store.value
        void sight.value
        untracked(tell)
      }),
    )
    return { sight, subscribe }
  })
}

/** What a component is given of a sight. */
type View = Sight & { readonly data: unknown }

/** The view of a sight, with these data as long as no event has brought any. */
function viewOf(sight: Sight, data: unknown): View {
  return { data: sight.event === undefined ? data : sight.event.data, ...sight }
}

/** The newest event with the connection's state; a component re-renders only for the fields it has ever read. */
class Viewing implements Reading, ProxyHandler<View> {
  readonly subscribe: Subscribe
  readonly #sight: ReadonlySignal<Sight>
  readonly #read: { -readonly [Name in keyof Sight]?: true } = {}
  /** What React knows, and the newest: they differ in what nobody has read. */
  #known: Sight | undefined
  #newest: Sight = unseen

  constructor({ sight, subscribe }: Scene) {
    this.#sight = sight
    this.subscribe = subscribe
  }

  snapshot(): Sight {
    const next = this.#sight.peek()
    for (const name in this.#read) {
      if (next[name as keyof Sight] !== this.#newest[name as keyof Sight]) this.#known = next
    }
    this.#newest = next
    return (this.#known ??= next)
  }

  initial(): Sight {
    this.#newest = unseen
    this.#known ??= unseen
    return unseen
  }

  view({ initialValue }: Functions): View {
    return new Proxy(viewOf(this.#newest, initialValue), this)
  }

  get(view: View, name: keyof View): unknown {
    const field = name === 'data' ? 'event' : name
    // It may have moved since the render: as long as nobody read it, nobody was told.
    if (!this.#read[field]) Object.assign(view, viewOf(this.#newest, view.data))
    this.#read[field] = true
    return view[name]
  }
}

export function viewing(stream: Handle | undefined, { type }: Asking): Reading {
  return new Viewing(sceneOf(stream, type))
}

/** What a selector makes of the newest event. A selector that throws is reported, and keeps the last value. */
export function selecting(stream: Handle | undefined, { type }: Asking): Reading {
  const { sight, subscribe } = sceneOf(stream, type)
  const selection = new Selection<unknown, unknown>()
  let seen: { event: AnyEvent; select: Functions['select'] } | undefined

  return {
    subscribe,
    snapshot: ({ select, equals, initialValue }) => {
      const { event } = sight.peek()
      if (event === undefined || select === undefined) return initialValue
      if (seen?.event !== event || seen.select !== select) {
        seen = { event, select }
        guarded(() => selection.take(event, select, equals))
      }
      return selection.made ? selection.value : initialValue
    },
    initial: ({ initialValue }) => initialValue,
  }
}

/** What a reducer makes of every event. Where it starts is said once: at the mount, or when it comes to read another. */
export function reducing(stream: Handle | undefined, { type, options, newest }: Asking): Reading {
  const { initialValue } = options
  const reduce = (value: unknown, event: AnyEvent) =>
    newest.current?.options.reducer?.(value, event)
  const store = stream?.reduce(type, reduce, initialValue) ?? signal(initialValue)
  return {
    subscribe: (notify) => store.subscribe(notify),
    snapshot: () => store.peek(),
    initial: () => initialValue,
  }
}

import { computed, effect, signal, untracked } from '@preact/signals-core'
import type { ConnectionStatus } from '../connection/machine.ts'
import { guarded, type StreamError } from '../errors.ts'
import type { StreamEvent } from '../event.ts'
import { knownIn } from '../known-in.ts'
import { Selection } from '../stream/selection.ts'
import { oneSubscription, type Subscribe } from './one-subscription.ts'
import type { Handle } from './source.ts'
import type { Seat } from './use-handle.ts'

type AnyEvent = StreamEvent<unknown>

/** The parts of a hook's options that may be other functions at each render. */
export interface Functions {
  readonly select?: ((event: AnyEvent) => unknown) | undefined
  readonly equals?: ((a: unknown, b: unknown) => boolean) | undefined
  readonly reducer?: ((value: unknown, event: AnyEvent) => unknown) | undefined
  readonly initialValue?: unknown
}

/** All that there is to be seen of one type of a stream. */
export interface Sight {
  readonly event: AnyEvent | undefined
  readonly status: ConnectionStatus
  readonly error: StreamError | undefined
}

/** What there is to be seen before anything has come. */
export const unseen: Sight = { event: undefined, status: 'idle', error: undefined }

/** Where many components look. */
interface Scene {
  readonly subscribe: Subscribe
  readonly now: () => Sight
}

const nowhere: Scene = { subscribe: () => () => {}, now: () => unseen }

const scenes = new WeakMap<object, Scene>()

/** A stream's newest event of a type, and how it stands. */
function sceneOf(stream: Handle | null | undefined, type: string): Scene {
  if (!stream) return nowhere
  const store = stream.latest(type)
  return knownIn(scenes, store, () => {
    const sight = computed(() => ({
      event: store.value,
      status: stream.status.value,
      error: stream.error.value,
    }))
    const see = () => {
      // The store first: one that nobody watches moves only when it is looked at, and one that cannot be read throws,
      // which would leave the computed signal half watched.
      void store.value
      return sight.value
    }
    return {
      subscribe: oneSubscription((tell) =>
        effect(() => {
          see()
          untracked(tell)
        }),
      ),
      now: () => untracked(see),
    }
  })
}

/** One way for a component to read a stream, in the terms of `useSyncExternalStore`. */
export interface Reading {
  readonly subscribe: Subscribe
  /** What the component is given, of what is seen now or of this: the same for as long as it need not render again. */
  readonly look: (functions: Functions, sight?: Sight) => unknown
}

/** What a component is given of a sight. */
type View = Sight & { readonly data: unknown }

/** The newest event with the connection's state; a component re-renders only for the fields it has ever read. */
export function viewing(stream: Handle | null | undefined, type: string): Reading {
  const scene = sceneOf(stream, type)
  const read: (keyof View)[] = []
  let fields: View
  let view: View | undefined
  const reader: ProxyHandler<View> = {
    get(shown, name: keyof View) {
      // Equal payloads are as many events.
      if (!read.includes(name)) read.push(name, name === 'data' ? 'event' : name)
      return shown[name]
    },
  }
  return {
    ...scene,
    look: ({ initialValue }, sight = scene.now()) => {
      const { event } = sight
      const now = { ...sight, data: event ? event.data : initialValue }
      if (view && read.every((name) => Object.is(fields[name], now[name]))) {
        // What nobody has read yet is the newest when somebody does.
        Object.assign(fields, now)
      } else {
        view = new Proxy((fields = now), reader)
      }
      return view
    },
  }
}

/** What a selector makes of the newest event. A selector that throws is reported, and keeps the last value. */
export function selecting(stream: Handle | null | undefined, type: string): Reading {
  const scene = sceneOf(stream, type)
  const selection = new Selection<unknown, unknown>()
  return {
    ...scene,
    look: ({ select, equals, initialValue }, { event } = scene.now()) => {
      if (event) guarded(() => selection.take(event, select as never, equals))
      return selection.made ? selection.value : initialValue
    },
  }
}

/** What a reducer makes of every event. Where it starts is said once: at the mount, or when it comes to read another. */
export function reducing(
  stream: Handle | null | undefined,
  type: string,
  { initialValue }: Functions,
  seat: Seat<unknown, Functions>,
): Reading {
  const reduce = (value: unknown, event: AnyEvent) => seat.asked.reducer?.(value, event)
  const store = stream?.reduce(type, reduce, initialValue) ?? signal(initialValue)
  return { subscribe: (notify) => store.subscribe(notify), look: () => store.peek() }
}

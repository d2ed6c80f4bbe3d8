import { effect, untracked, type ReadonlySignal } from '@preact/signals-core'
import type { ConnectionStatus } from '../connection/machine.ts'
import { guarded, type StreamError } from '../errors.ts'
import type { StreamEvent } from '../event.ts'
import { Selection } from '../stream/selection.ts'
import type { Handle } from './use-handle.ts'

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
  readonly subscribe: (notify: () => void) => () => void
  readonly snapshot: (functions: Functions) => unknown
  readonly initial: (functions: Functions) => unknown
  /** What the component is given of a snapshot. */
  readonly present: (snapshot: unknown, functions: Functions) => unknown
}

/** What the hook reads: a stream, or nothing while it is switched off. */
export interface Subject {
  readonly stream: Handle | undefined
  readonly type: string
}

/** What a store says, as it is. */
function whole(store: ReadonlySignal<unknown> | undefined): Pick<Reading, 'subscribe' | 'present'> {
  return {
    subscribe: (notify) => store?.subscribe(notify) ?? nothing,
    present: (snapshot) => snapshot,
  }
}

function nothing(): void {}

interface View {
  event: AnyEvent | undefined
  status: ConnectionStatus
  error: StreamError | undefined
}

const fields = ['event', 'status', 'error'] as const

/** The newest event with the connection's state; a component re-renders only for the fields it has ever read. */
export function viewing({ stream, type }: Subject): Reading {
  const store = stream?.latest(type)
  const watched = new Set<keyof View>()
  const initial: View = { event: undefined, status: 'idle', error: undefined }
  let view: View | undefined

  function present(snapshot: View, { initialValue }: Functions) {
    const field = <Name extends keyof View>(name: Name): View[Name] => {
      watched.add(name)
      return snapshot[name]
    }
    return {
      get data() {
        const event = field('event')
        return event === undefined ? initialValue : event.data
      },
      get event() {
        return field('event')
      },
      get status() {
        return field('status')
      },
      get error() {
        return field('error')
      },
    }
  }

  return {
    subscribe: (notify) =>
      effect(() => {
        void [store?.value, stream?.status.value, stream?.error.value]
        untracked(notify)
      }),
    snapshot: () => {
      const next: View = {
        event: store?.peek(),
        status: stream?.status.peek() ?? 'idle',
        error: stream?.error.peek(),
      }
      if (view === undefined) return (view = next)
      const shown = view
      const changed = fields.filter((name) => next[name] !== shown[name])
      if (changed.length === 0) return view
      // Nobody has seen the fields that nobody watches: they may move without a new object. The server's stays as it is.
      if (view === initial || changed.some((name) => watched.has(name))) view = next
      else Object.assign(view, next)
      return view
    },
    initial: () => {
      view ??= initial
      return initial
    },
    present: (snapshot, functions) => present(snapshot as View, functions),
  }
}

/** What a selector makes of the newest event. A selector that throws is reported, and keeps the last value. */
export function selecting({ stream, type }: Subject): Reading {
  const store = stream?.latest(type)
  const selection = new Selection<unknown, unknown>()
  let seen: { event: AnyEvent; select: Functions['select'] } | undefined

  return {
    ...whole(store),
    snapshot: ({ select, equals, initialValue }) => {
      const event = store?.peek()
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

/** What a reducer makes of every event since the mount; `newest` is the one of the newest render. */
export function reducing(
  { stream, type }: Subject,
  newest: { readonly current: { readonly options: Functions } },
  initialValue: unknown,
): Reading {
  const store = stream?.reduce(
    type,
    (value, event) => newest.current.options.reducer?.(value, event),
    initialValue,
  )
  return {
    ...whole(store),
    snapshot: () => (store === undefined ? initialValue : store.peek()),
    initial: () => initialValue,
  }
}

import type { ReadonlySignal } from '@preact/signals-core'
import { guarded } from '../errors.ts'
import { knownIn } from '../known-in.ts'

/** How `useSyncExternalStore` hears of changes. */
export type Subscribe = (notify: () => void) => () => void

/** Subscribes once for all components, as long as there is one. */
export function oneSubscription(subscribe: Subscribe): Subscribe {
  const components = new Set<() => void>()
  let stop: (() => void) | undefined
  const tell = () => {
    for (const notify of components) guarded(notify)
  }
  return (notify) => {
    stop ??= subscribe(tell)
    components.add(notify)
    return () => {
      components.delete(notify)
      if (components.size === 0) {
        stop?.()
        stop = undefined
      }
    }
  }
}

const known = new WeakMap<ReadonlySignal<unknown>, Subscribe>()

/** The one subscription to a signal. */
export function subscriptionTo(signal: ReadonlySignal<unknown>): Subscribe {
  return knownIn(known, signal, () => oneSubscription((tell) => signal.subscribe(tell)))
}

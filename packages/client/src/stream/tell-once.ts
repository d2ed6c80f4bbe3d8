import { knownIn } from '../known-in.ts'

const told = new WeakMap<object, Set<unknown>>()

/** Tells a listener of something once, however many readers have that listener. */
export function tellOnce<Thing extends object>(
  listener: ((thing: Thing) => void) | undefined,
  thing: Thing,
): void {
  if (listener === undefined) return
  const listeners = knownIn(told, thing, () => new Set())
  if (listeners.has(listener)) return
  listeners.add(listener)
  listener(thing)
}

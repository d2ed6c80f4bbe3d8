import { EventSource as FetchingEventSource } from 'eventsource'
import type { EventSourceInit } from 'eventsource'
import { pageUrl } from './address.ts'

/**
 * How `EventSource` is installed.
 *
 * @example
 * const restore = installEventSource({ replace: true })
 */
export interface InstallOptions {
  /**
   * Whether it takes the place of a native one. In a browser, this one's `Last-Event-ID` and its retries can be seen by
   * a test, which a Service Worker keeps from the native one's. Defaults to `false`.
   */
  readonly replace?: boolean
}

// Relative addresses are relative to the page, and to http://localhost/ where there is none.
class EventSource extends FetchingEventSource {
  constructor(url: string | URL, init?: EventSourceInit) {
    // What is no address is for the class itself to say.
    super(URL.canParse(String(url), baseUrl()) ? new URL(url, baseUrl()) : url, init)
  }
}

const undo = new Set<() => void>()
let former: PropertyDescriptor | undefined

/**
 * Gives the environment an `EventSource` where it has none: the `eventsource` package's, over the global `fetch`.
 *
 * Returns what takes it away again. Installed twice, it stays until both are undone.
 *
 * @example
 * beforeAll(() => installEventSource())
 */
export function installEventSource({ replace = false }: InstallOptions = {}): () => void {
  const isOurs = Reflect.get(globalThis, 'EventSource') === EventSource
  if ('EventSource' in globalThis && !isOurs && !replace) return () => {}
  if (!isOurs) {
    former = Object.getOwnPropertyDescriptor(globalThis, 'EventSource')
    define({ value: EventSource, configurable: true, enumerable: false, writable: true })
  }
  const remove = (): void => {
    if (!undo.delete(remove) || undo.size > 0) return
    // What somebody has put there since is not ours to take away.
    if (Reflect.get(globalThis, 'EventSource') !== EventSource) return
    if (former) define(former)
    else Reflect.deleteProperty(globalThis, 'EventSource')
  }
  undo.add(remove)
  return remove
}

function define(descriptor: PropertyDescriptor): void {
  Object.defineProperty(globalThis, 'EventSource', descriptor)
}

function baseUrl(): string {
  const { document } = globalThis as { document?: Document }
  return document?.baseURI ?? pageUrl()
}

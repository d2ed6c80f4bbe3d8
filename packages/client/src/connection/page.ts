import type { Clock } from '../clock.ts'
import { createTimer } from '../timer.ts'

/**
 * Why the page wants nothing to be open:
 *
 * - `offline`: the machine has no network
 * - `frozen`: the browser has stopped the page
 * - `cached`: the page is in the back/forward cache, for which it must have nothing open
 * - `hidden`: nobody sees the page, and `openWhenHidden` is `false`
 *
 * @example
 * if (trades.connection.value.holds.includes('offline')) showOffline()
 */
export type Hold = 'offline' | 'frozen' | 'cached' | 'hidden'

export interface PageOptions {
  readonly clock: Clock
  /** Whether being offline matters: a server on this very machine is there all the same. */
  readonly needsNetwork: boolean
  readonly openWhenHidden: boolean
  /** Milliseconds for which a hidden page stays connected, where `openWhenHidden` is `false`. */
  readonly hiddenDelay: number
  readonly onHold: (hold: Hold) => void
  /** Also where it never held: the page has reason to believe that things are better than they were. */
  readonly onLetGo: (hold: Hold) => void
  /** The page may not come back. */
  readonly onLeave: () => void
}

/** Follows what the page does that matters to a connection; the result stops. Where there is no page, nothing does. */
export function followPage(options: PageOptions): () => void {
  const { clock, needsNetwork, openWhenHidden, hiddenDelay, onHold, onLetGo, onLeave } = options
  const page: Partial<typeof globalThis> = globalThis
  if (typeof page.addEventListener !== 'function') return () => {}
  const { document, navigator } = page
  const stopped = new AbortController()
  const hiding = createTimer(clock)
  let online = true

  function on(
    target: EventTarget | undefined,
    type: string,
    listener: (event: PageTransitionEvent) => void,
  ): void {
    target?.addEventListener(type, listener as (event: Event) => void, { signal: stopped.signal })
  }
  function isHidden(): boolean {
    return document?.visibilityState === 'hidden'
  }
  function lookForNetwork(): void {
    const was = online
    online = navigator?.onLine !== false
    if (was && !online) onHold('offline')
    if (!was && online) onLetGo('offline')
  }
  function look(): void {
    hiding.clear()
    if (!isHidden()) return back('hidden')
    onLeave()
    if (!openWhenHidden) hiding.set(() => onHold('hidden'), hiddenDelay)
  }
  /** The page is back from where it was. */
  function back(from: Hold): void {
    // A page that sleeps may miss that the network is back.
    if (needsNetwork) lookForNetwork()
    onLetGo(from)
  }

  on(document, 'freeze', () => onHold('frozen'))
  on(document, 'resume', () => back('frozen'))
  on(globalThis, 'pagehide', ({ persisted }) => {
    onLeave()
    if (persisted) onHold('cached')
  })
  on(globalThis, 'pageshow', ({ persisted }) => {
    if (persisted) back('cached')
  })
  on(document, 'visibilitychange', look)
  if (needsNetwork) {
    on(globalThis, 'offline', lookForNetwork)
    on(globalThis, 'online', () => {
      online = true
      onLetGo('offline')
    })
    lookForNetwork()
  }
  if (!openWhenHidden && isHidden()) look()
  return () => {
    stopped.abort()
    hiding.clear()
  }
}

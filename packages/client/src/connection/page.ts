import { schedule, type Clock } from '../clock.ts'

/**
 * Why the page wants nothing to be open:
 *
 * - `offline`: the machine has no network
 * - `frozen`: the browser has stopped the page
 * - `cached`: the page is in the back/forward cache, for which it must have nothing open
 * - `hidden`: nobody sees the page, and `openWhenHidden` is `false`
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
  /** The page is seen again, where timers run as they should. */
  readonly onVisible: () => void
}

/** Follows what the page does that matters to a connection; the result stops. Where there is no page, nothing does. */
export function followPage(options: PageOptions): () => void {
  const { clock, needsNetwork, openWhenHidden, hiddenDelay, onHold, onLetGo } = options
  const { document, navigator } = globalThis as { document?: Document; navigator?: Navigator }
  if (typeof globalThis.addEventListener !== 'function') return () => {}
  const window: EventTarget = globalThis
  const stopped = new AbortController()
  let hiding: unknown

  function on(target: EventTarget | undefined, type: string, listener: (event: Event) => void) {
    target?.addEventListener(type, listener, { signal: stopped.signal })
  }
  function look(): void {
    if (hiding !== undefined) clock.clearTimeout(hiding)
    hiding = undefined
    if (document?.visibilityState !== 'hidden') {
      hasNetwork()
      onLetGo('hidden')
      options.onVisible()
      return
    }
    options.onLeave()
    if (!openWhenHidden) hiding = schedule(clock, () => onHold('hidden'), hiddenDelay)
  }

  // A page that sleeps may miss that the network is back.
  let offline = false
  function hasNetwork(): void {
    if (offline && navigator?.onLine !== false) onLetGo('offline')
    offline = navigator?.onLine === false
  }
  function lostNetwork(): void {
    offline = true
    onHold('offline')
  }
  if (needsNetwork) {
    on(window, 'offline', lostNetwork)
    on(window, 'online', () => {
      offline = false
      onLetGo('offline')
    })
    if (navigator?.onLine === false) lostNetwork()
  }
  on(document, 'freeze', () => onHold('frozen'))
  on(document, 'resume', () => {
    hasNetwork()
    onLetGo('frozen')
  })
  on(window, 'pagehide', (event) => {
    options.onLeave()
    if ((event as PageTransitionEvent).persisted) onHold('cached')
  })
  on(window, 'pageshow', (event) => {
    if (!(event as PageTransitionEvent).persisted) return
    hasNetwork()
    onLetGo('cached')
  })
  on(document, 'visibilitychange', look)
  if (!openWhenHidden && document?.visibilityState === 'hidden') look()
  return () => {
    stopped.abort()
    if (hiding !== undefined) clock.clearTimeout(hiding)
  }
}

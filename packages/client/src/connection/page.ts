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

type On = (
  target: EventTarget | undefined,
  type: string,
  listener: (event: PageTransitionEvent) => void,
) => void

/** Follows what the page does that matters to a connection; the result stops. Where there is no page, nothing does. */
export function followPage(options: PageOptions): () => void {
  const { clock, openWhenHidden, hiddenDelay, onHold, onLetGo, onLeave } = options
  const page: Partial<typeof globalThis> = globalThis
  if (typeof page.addEventListener !== 'function') return () => {}
  const { document } = page
  const stopped = new AbortController()
  const { signal } = stopped
  const hiding = createTimer(clock)
  const on: On = (target, type, listener) =>
    target?.addEventListener(type, listener as (event: Event) => void, { signal })
  const lookForNetwork = followNetwork(options, on)

  function isHidden(): boolean {
    return document?.visibilityState === 'hidden'
  }
  function look(): void {
    hiding.clear()
    if (isHidden()) {
      onLeave()
      if (!openWhenHidden) hiding.set(() => onHold('hidden'), hiddenDelay)
    } else {
      back('hidden')
    }
  }
  /** The page is back from where it was. */
  function back(from: Hold): void {
    // A page that sleeps may miss that the network is back.
    lookForNetwork()
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
  if (!openWhenHidden && isHidden()) look()
  return () => {
    stopped.abort()
    hiding.clear()
  }
}

/** Holds while the machine is offline, where that matters; returns what looks whether it still is. */
function followNetwork({ needsNetwork, onHold, onLetGo }: PageOptions, on: On): () => void {
  if (!needsNetwork) return () => {}
  let offline = isOffline()

  function lost(): void {
    offline = true
    onHold('offline')
  }
  function look(): void {
    const was = offline
    offline = isOffline()
    if (was && !offline) onLetGo('offline')
  }
  on(globalThis, 'offline', lost)
  on(globalThis, 'online', () => {
    offline = false
    onLetGo('offline')
  })
  if (offline) lost()
  return look
}

function isOffline(): boolean {
  return (globalThis as Partial<typeof globalThis>).navigator?.onLine === false
}

import { vi } from 'vitest'

/** A page that does what it is told, in the place of the one that Node has not. */
export function fakePage(): {
  /** Listeners that are still there. */
  readonly listeners: () => number
  readonly offline: () => void
  readonly online: () => void
  readonly freeze: () => void
  readonly resume: () => void
  readonly hide: () => void
  readonly show: () => void
  /** Goes into the back/forward cache, or is left for good. */
  readonly leave: (persisted: boolean) => void
  readonly comeBack: () => void
} {
  let listeners = 0
  const document = Object.assign(counted(), { visibilityState: 'visible' })
  const window = counted()
  const navigator = { onLine: true }

  function counted(): EventTarget {
    const target = new EventTarget()
    const add = target.addEventListener.bind(target)
    target.addEventListener = (type, listener, options) => {
      listeners += 1
      add(type, listener, options)
      const { signal } = options as { signal: AbortSignal }
      signal.addEventListener('abort', () => (listeners -= 1))
    }
    return target
  }
  function see(state: string): void {
    document.visibilityState = state
    tell(document, 'visibilitychange')
  }

  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('document', document)
  vi.stubGlobal('navigator', navigator)
  return {
    listeners: () => listeners,
    offline: () => {
      navigator.onLine = false
      tell(window, 'offline')
    },
    online: () => {
      navigator.onLine = true
      tell(window, 'online')
    },
    freeze: () => tell(document, 'freeze'),
    resume: () => tell(document, 'resume'),
    hide: () => see('hidden'),
    show: () => see('visible'),
    leave: (persisted) => tell(window, 'pagehide', { persisted }),
    comeBack: () => tell(window, 'pageshow', { persisted: true }),
  }
}

function tell(target: EventTarget, type: string, more: object = {}): void {
  target.dispatchEvent(Object.assign(new Event(type), more))
}

import type { Clock } from '../clock.ts'
import { guarded } from '../errors.ts'
import { together } from '../together.ts'

/** When what stores have taken becomes their value. */
export interface Commit {
  /** What `publish` has to show is new. */
  readonly due: (publish: () => void) => void
  /** Publishes now what would be published later. */
  readonly settle: (publish: () => void) => void
}

/** With each chunk, whose batch all this happens in. */
export const byChunk: Commit = {
  due: (publish) => {
    publish()
  },
  settle: () => {},
}

/** Milliseconds after which a commit no longer waits for a frame: a hidden tab has none. */
const LONGEST_FRAME = 100

/** With each animation frame. */
export function byFrame(clock: Clock): Commit {
  const waiting = new Set<() => void>()
  let cancel: (() => void) | undefined

  function flush(): void {
    cancel?.()
    const due = [...waiting]
    waiting.clear()
    together(() => {
      for (const publish of due) guarded(publish)
    })
  }
  function schedule(): () => void {
    const page: Partial<typeof globalThis> = globalThis
    const frame = page.requestAnimationFrame?.(flush)
    const timer = clock.setTimeout(flush, LONGEST_FRAME)
    return () => {
      cancel = undefined
      if (frame !== undefined) page.cancelAnimationFrame?.(frame)
      clock.clearTimeout(timer)
    }
  }
  return {
    due: (publish) => {
      waiting.add(publish)
      cancel ??= schedule()
    },
    settle: (publish) => {
      if (!waiting.delete(publish)) return
      guarded(publish)
      if (waiting.size === 0) cancel?.()
    },
  }
}

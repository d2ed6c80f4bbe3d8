import { afterEach, beforeEach, vi } from 'vitest'

/** Keeps happy-dom quiet: it writes whatever a network does, on a console that no test can reach. */
export function quietPage(): void {
  if (!('happyDOM' in globalThis)) return
  beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
  afterEach(() => void vi.restoreAllMocks())
}

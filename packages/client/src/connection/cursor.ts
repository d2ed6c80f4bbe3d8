import type { Clock } from '../clock.ts'
import { guarded } from '../errors.ts'
import { createTimer } from '../timer.ts'

/** Milliseconds between two writes to the storage: it is slow, and events may not be. */
const WRITE_INTERVAL = 1_000

/**
 * Where a cursor outlives the page: `sessionStorage`, or what has its methods.
 *
 * @example
 * eventStream('/events', { resume: sessionStorage })
 */
export type CursorStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface CursorOptions {
  readonly clock: Clock
  /** The cursor to start from; empty takes the stored one, where there is a storage. */
  readonly initial: string
  readonly storage: CursorStorage | undefined
  /** Under which the storage keeps it. */
  readonly key: string
}

/** The last event id seen. With a storage it is found again after a reload. */
export interface Cursor {
  value: string
  /** Writes what is not yet written: the page may be about to go. */
  readonly save: () => void
}

export function createCursor({ clock, initial, storage, key }: CursorOptions): Cursor {
  const timer = createTimer(clock)
  // A storage may be full, or forbidden: then the cursor lives as long as the page.
  let value = initial || (guarded(() => storage?.getItem(key)) ?? '')

  function write(): void {
    guarded(() => (value === '' ? storage?.removeItem(key) : storage?.setItem(key, value)))
  }
  return {
    get value() {
      return value
    },
    set value(lastEventId) {
      value = lastEventId
      if (storage && !timer.due()) timer.set(write, WRITE_INTERVAL)
    },
    save: () => {
      if (timer.due()) write()
      timer.clear()
    },
  }
}

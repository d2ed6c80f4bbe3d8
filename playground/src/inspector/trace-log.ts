import { signal, type ReadonlySignal } from '@preact/signals-core'
import type { Trace } from 'millrace'

/** A transition, numbered in the order of arrival. */
export interface TraceEntry extends Trace {
  readonly nth: number
}

/** The newest transitions of a pool's connections. */
export interface TraceLog {
  /** Give it to `createPool`. */
  readonly onTrace: (trace: Trace) => void
  /** The oldest first. */
  readonly entries: ReadonlySignal<readonly TraceEntry[]>
  readonly clear: () => void
}

/** Keeps as many entries as `limit`; the oldest go first. */
export function createTraceLog(limit: number): TraceLog {
  const entries = signal<readonly TraceEntry[]>([])
  let nth = 0
  return {
    onTrace: (trace) => {
      nth += 1
      entries.value = [...entries.peek().slice(1 - limit), { ...trace, nth }]
    },
    entries,
    clear: () => {
      entries.value = []
    },
  }
}

import { signal, type ReadonlySignal } from '@preact/signals-core'
import type { Fault, ServerStatus } from '../wire.ts'

/** Milliseconds between two looks. */
const INTERVAL = 1_000

let timer: number | undefined

const newest = signal<ServerStatus | undefined>(undefined, {
  watched: () => {
    void look()
    timer = window.setInterval(() => void look(), INTERVAL)
  },
  unwatched: () => {
    window.clearInterval(timer)
  },
})

/**
 * What the server says of itself; `undefined` while it cannot be asked.
 *
 * Asked for by plain requests, since it has to be known while the stream is down, too.
 */
export const serverStatus: ReadonlySignal<ServerStatus | undefined> = newest

/** Breaks the server, or mends it. */
export function inflict(fault: Fault): Promise<void> {
  return ask(`/api/faults/${fault}`, { method: 'POST' })
}

function look(): Promise<void> {
  return ask('/api/status')
}

async function ask(path: string, init?: RequestInit): Promise<void> {
  try {
    const response = await fetch(path, init)
    newest.value = response.ok ? ((await response.json()) as ServerStatus) : undefined
  } catch {
    newest.value = undefined
  }
}

import { signal, type ReadonlySignal } from '@preact/signals-core'
import type { Fault, ServerStatus } from '../../wire/server-status.ts'

/** Milliseconds between two looks. */
const INTERVAL = 1_000

/** The server of a stream, as this page sees it. */
export interface StreamServer {
  /**
   * What it says of itself; `undefined` while it cannot be asked.
   *
   * Asked for by plain requests, since it has to be known while the stream is down, too.
   */
  readonly status: ReadonlySignal<ServerStatus | undefined>
  /** Breaks it, or mends it. */
  readonly inflict: (fault: Fault) => Promise<void>
}

/** The server of the stream below a path. */
export function streamServer(path: string): StreamServer {
  let timer: number | undefined

  const status = signal<ServerStatus | undefined>(undefined, {
    watched: () => {
      void look()
      timer = window.setInterval(() => void look(), INTERVAL)
    },
    unwatched: () => {
      window.clearInterval(timer)
    },
  })

  async function ask(what: string, init?: RequestInit): Promise<void> {
    try {
      const response = await fetch(`${path}/${what}`, init)
      status.value = response.ok ? ((await response.json()) as ServerStatus) : undefined
    } catch {
      status.value = undefined
    }
  }
  const look = () => ask('status')

  return { status, inflict: (fault) => ask(`faults/${fault}`, { method: 'POST' }) }
}

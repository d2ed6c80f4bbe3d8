import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import type { Fault, ServerStatus } from '../../wire/server-status.ts'
import { pool } from '../pool.ts'

/** Milliseconds between two looks. */
const INTERVAL = 1_000

/** Changes when a stream of this page opens or breaks: then the server counts otherwise. */
const statuses = computed(() => pool.connections.value.map(({ status }) => status).join())

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
  let stop: (() => void) | undefined

  const status = signal<ServerStatus | undefined>(undefined, {
    watched: () => {
      const stopWatching = statuses.subscribe(() => void look())
      const timer = window.setInterval(() => void look(), INTERVAL)
      stop = () => {
        stopWatching()
        window.clearInterval(timer)
      }
    },
    unwatched: () => {
      stop?.()
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

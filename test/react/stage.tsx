import { act, cleanup, render } from '@testing-library/react'
import { createPool, type Pool } from 'millrace'
import { PoolProvider } from 'millrace/react'
import type { ReactElement, ReactNode } from 'react'
import { afterEach, beforeEach, vi } from 'vitest'
import { forbidComplaints } from './complaints.ts'
import { scriptedServer, type Message, type ScriptedServer } from './scripted-server.ts'

/** Where components are seen: a server that does what the test says, a pool that asks it, and a clock that the test moves. */
interface Stage {
  readonly server: ScriptedServer
  readonly pool: Pool
  /** Moves the clock, and React with it. */
  readonly pass: (milliseconds: number) => Promise<void>
  /** Lets everything happen that waits for nothing. */
  readonly turn: () => Promise<void>
  /** Sends one chunk to everyone. */
  readonly send: (...messages: Message[]) => void
  readonly show: (children: ReactNode) => Show
}

/** What is seen. */
interface Show {
  readonly text: () => string | null
  /** Renders this in its place. */
  readonly to: (children: ReactNode) => Promise<void>
}

/** Sets a stage for each test of the file; what React complains of fails it. */
export function setStage(): Stage {
  let server: ScriptedServer
  let pool: Pool

  beforeEach(() => {
    vi.useFakeTimers()
    server = scriptedServer()
    pool = createPool({ transport: server.transport, linger: 100 })
    forbidComplaints()
  })
  afterEach(() => {
    cleanup()
    pool.close()
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  const pass = async (milliseconds: number): Promise<void> => {
    await act(() => vi.advanceTimersByTimeAsync(milliseconds))
  }
  const turn = () => pass(0)
  const wrap = (children: ReactNode): ReactElement => (
    <PoolProvider pool={pool}>{children}</PoolProvider>
  )

  return {
    get server() {
      return server
    },
    get pool() {
      return pool
    },
    pass,
    turn,
    send: (...messages) => act(() => server.send(...messages)),
    show: (children) => {
      const { container, rerender } = render(wrap(children))
      return {
        text: () => container.textContent,
        to: async (next) => {
          rerender(wrap(next))
          await turn()
        },
      }
    },
  }
}

import { createPool, type Pool, type Stream } from 'millrace'
import { useEventStream, useStore } from 'millrace/react'
import { startTransition, useLayoutEffect, type ReactElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../environment/until.ts'
import { scriptedServer, type ScriptedServer } from './scripted-server.ts'

const READERS = 40

let server: ScriptedServer
let pool: Pool
let root: Root
let container: HTMLElement

beforeEach(() => {
  // Rendering in slices is what is tested here: `act` would render at one go.
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
  server = scriptedServer()
  pool = createPool({ transport: server.transport })
  container = document.createElement('div')
  root = createRoot(container)
})
afterEach(() => {
  root.unmount()
  pool.close()
  vi.unstubAllGlobals()
})

let rendered = 0

/** Renders for so long that React has to go on with the next reader in another slice. */
function slowly(shown: unknown): ReactElement {
  rendered += 1
  const end = performance.now() + 2
  while (performance.now() < end);
  return <b>{String(shown)}</b>
}

test('readers that a transition brings all show the same event, in every commit', async () => {
  const stream: Stream = pool.stream('/events')
  const total = stream.reduce('tick', (_: string | undefined, { data }) => data, undefined)
  const commits: Set<string | null>[] = []

  const readers = [
    () => slowly(useEventStream(stream, { event: 'tick' }).data),
    () => slowly(useEventStream(stream, { event: 'tick', select: ({ data }) => data })),
    () => slowly(useStore(total)),
  ]
  function Page({ shown }: { shown: boolean }): ReactElement {
    useLayoutEffect(() => {
      if (!shown) return
      commits.push(new Set([...container.querySelectorAll('b')].map((one) => one.textContent)))
    })
    const all = Array.from({ length: READERS }, (_, n) => {
      const Reader = readers[n % readers.length] as () => ReactElement
      return <Reader key={n} />
    })
    return <p>{shown ? all : 'nothing'}</p>
  }
  total.subscribe(() => {})
  stream.latest('tick').subscribe(() => {})
  root.render(<Page shown={false} />)
  await until(() => container.textContent === 'nothing' && server.open() === 1)
  server.send(['tick', '0'])

  rendered = 0
  startTransition(() => {
    root.render(<Page shown />)
  })
  let sent = 0
  await until(() => {
    // As soon as some have rendered and others have not, the world moves on.
    if (rendered > 0 && commits.length === 0 && sent < 3) {
      sent += 1
      server.send(['tick', String(sent)])
    }
    return commits.length > 0
  })
  expect(sent).toBeGreaterThan(0)
  await until(() => container.textContent === String(sent).repeat(READERS))
  for (const shown of commits) expect(shown.size).toBe(1)
})

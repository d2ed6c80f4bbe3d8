import { act } from '@testing-library/react'
import { createPool, json, type Pool } from 'millrace'
import { PoolProvider, useEventStream, useStreamStatus } from 'millrace/react'
import { useEffect, useState, type ReactElement } from 'react'
import { hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { scriptedServer, type ScriptedServer } from './scripted-server.ts'
import { forbidComplaints } from './complaints.ts'

interface Tick {
  readonly price: number
}

/** What the server rendered the page with. */
const snapshot = { tick: { price: 1 }, count: 3, cursor: '17' }

const tick = json<Tick>()

let server: ScriptedServer
let pool: Pool
let root: Root | undefined

beforeEach(() => {
  server = scriptedServer()
  pool = createPool({ transport: server.transport })
  forbidComplaints()
})
afterEach(() => {
  act(() => root?.unmount())
  pool.close()
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

function Page(): ReactElement {
  const options = { event: 'tick', decode: tick, initialLastEventId: snapshot.cursor } as const
  const { data, event, status } = useEventStream('/events', {
    ...options,
    initialValue: snapshot.tick,
  })
  const price = useEventStream('/events', {
    ...options,
    select: (newest) => newest.data.price,
    initialValue: snapshot.tick.price,
  })
  const count = useEventStream('/events', {
    ...options,
    reducer: (n: number) => n + 1,
    initialValue: snapshot.count,
  })
  const light = useStreamStatus('/events')
  return (
    <output>{`${data.price} ${event?.lastEventId} ${price} ${count} ${status} ${light}`}</output>
  )
}

function app(): ReactElement {
  return (
    <PoolProvider pool={pool}>
      <Page />
    </PoolProvider>
  )
}

async function hydrate(page = app()): Promise<HTMLElement> {
  const container = document.createElement('div')
  container.innerHTML = renderToString(page)
  document.body.append(container)
  await act(async () => {
    root = hydrateRoot(container, page)
    await Promise.resolve()
  })
  return container
}

test('a server render shows the initial values, and opens nothing', async () => {
  expect(renderToString(app())).toBe('<output>1 undefined 1 3 idle idle</output>')
  await Promise.resolve()
  expect(server.requests).toEqual([])
})

test('hydrating shows them too, reads on from their cursor, and goes over to what comes', async () => {
  const container = await hydrate()
  expect(container.textContent).toBe('1 undefined 1 3 open open')
  expect(server.requests.map(({ lastEventId }) => lastEventId)).toEqual(['17'])
  act(() => {
    server.send(['tick', '{"price":2}', '18'])
  })
  expect(container.textContent).toBe('2 18 2 4 open open')
})

test('a page that is open already when it is hydrated shows what the server rendered first', async () => {
  const stop = pool.stream('/events', { initialLastEventId: '17' }).on('tick', () => {})
  await Promise.resolve()
  server.send(['tick', '{"price":5}', '18'])
  const container = await hydrate()
  expect(container.textContent).toBe('5 18 5 3 open open')
  stop()
})

test('what is read for the first time after hydrating is as it is now', async () => {
  let rerender: (n: number) => void = () => {}
  function Late(): ReactElement {
    const [n, setN] = useState(0)
    useEffect(() => {
      rerender = setN
    }, [])
    const view = useEventStream('/events')
    return <output>{n === 0 ? String(view.data) : view.status}</output>
  }
  const late = (
    <PoolProvider pool={pool}>
      <Late />
    </PoolProvider>
  )
  const container = await hydrate(late)
  expect(container.textContent).toBe('undefined')
  act(() => rerender(1))
  expect(container.textContent).toBe('open')
  act(() => server.close({ kind: 'network', cause: undefined }))
  expect(container.textContent).toBe('waiting')
})

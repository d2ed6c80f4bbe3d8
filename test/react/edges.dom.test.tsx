import type { ReadonlySignal } from '@preact/signals-core'
import { act } from '@testing-library/react'
import { json, type DecodeFunction } from 'millrace'
import { useEventStream, useStore, useStreamEvent, useStreamStatus } from 'millrace/react'
import {
  startTransition,
  StrictMode,
  Suspense,
  useLayoutEffect,
  useState,
  type ReactElement,
} from 'react'
import { expect, test, vi } from 'vitest'
import type { Message } from './scripted-server.ts'
import { setStage } from './stage.tsx'

const stage = setStage()
const { turn, send, show } = stage
const retried = () => stage.pass(1_000)
const asked = () => stage.server.requests.map(({ url }) => new URL(url).pathname)
const broken = () => act(() => stage.server.close({ kind: 'network', cause: undefined }))

test('a function says the URL at each attempt: the newest one, and however often it renders, for one connection', async () => {
  function Page({ name }: { name: string }): ReactElement {
    const { data, status } = useEventStream(() => `/${name}`)
    return <p>{`${name} ${data} ${status}`}</p>
  }
  const view = show(<Page name="a" />)
  await turn()
  await view.to(<Page name="b" />)
  send(['message', '1'])
  expect(view.text()).toBe('b 1 open')
  expect(asked()).toEqual(['/a'])
  broken()
  await retried()
  expect(asked()).toEqual(['/a', '/b'])
})

test('readers of functions share a connection where they have a key in common, and else do not', async () => {
  function Page({ id }: { id?: string }): ReactElement {
    const options = id === undefined ? {} : { key: id }
    useStreamEvent(
      async () => '/a',
      'tick',
      () => {},
      options,
    )
    return <p>{useStreamStatus(() => '/a', options)}</p>
  }
  const view = show([<Page key="1" id="ann" />, <Page key="2" id="ann" />])
  await turn()
  expect([asked(), view.text()]).toEqual([['/a'], 'openopen'])
  await view.to([<Page key="3" />, <Page key="4" />])
  expect(asked()).toEqual(['/a', '/a', '/a'])
})

test('a source that becomes a function, and one no more, is another stream', async () => {
  const Page = ({ source }: { source: string | (() => string) }): ReactElement => (
    <p>{useEventStream(source).data}</p>
  )
  const view = show(<Page source="/a" />)
  await turn()
  await view.to(<Page source={() => '/b'} />)
  await view.to(<Page source="/a" />)
  expect(asked()).toEqual(['/a', '/b'])
})

test('a component that its own listener unmounts hears no more, also in StrictMode', async () => {
  const heard: string[] = []
  function Once({ done }: { done: () => void }): ReactElement {
    const { data } = useEventStream('/a')
    useStreamEvent('/a', 'message', (event) => {
      heard.push(event.data)
      done()
    })
    return <p>{data}</p>
  }
  function Page(): ReactElement {
    const [shown, setShown] = useState(true)
    return shown ? <Once done={() => setShown(false)} /> : <p>gone</p>
  }
  const view = show(
    <StrictMode>
      <Page />
    </StrictMode>,
  )
  await turn()
  expect(asked()).toEqual(['/a'])
  send(['message', '1'])
  send(['message', '2'])
  expect([view.text(), heard]).toEqual(['gone', ['1']])
  await act(() => vi.advanceTimersByTimeAsync(100))
  expect(stage.server.open()).toBe(0)
})

test('a component that suspends before it is shown opens nothing until it is', async () => {
  let go: () => void = () => {}
  let ready = false
  const waiting = new Promise<void>((resolve) => {
    go = () => {
      ready = true
      resolve()
    }
  })
  function Page(): ReactElement {
    const { data, status } = useEventStream('/a')
    // oxlint-disable-next-line typescript/only-throw-error -- so one suspends in every React
    if (!ready) throw waiting
    return <p>{`${data} ${status}`}</p>
  }
  const view = show(
    <Suspense fallback="waiting">
      <Page />
    </Suspense>,
  )
  await turn()
  expect([view.text(), asked()]).toEqual(['waiting', []])
  await act(async () => go())
  await turn()
  send(['message', '1'])
  expect([view.text(), asked()]).toEqual(['1 open', ['/a']])
})

test('a render that React throws away takes nothing from what is shown', async () => {
  let go: (url: string) => void = () => {}
  let render: (n: number) => void = () => {}
  const never = new Promise<string>(() => {})
  function Page(): ReactElement {
    const [url, setUrl] = useState('/a')
    const [n, setN] = useState(0)
    useLayoutEffect(() => {
      go = setUrl
      render = setN
    }, [])
    const count = useEventStream(url, { reducer: (sum: number) => sum + 1, initialValue: 0 })
    const { status } = useEventStream(url)
    // oxlint-disable-next-line typescript/only-throw-error -- so one suspends in every React
    if (url === '/b') throw never
    return <p>{`${count} ${status} ${n}`}</p>
  }
  const view = show(
    <Suspense>
      <Page />
    </Suspense>,
  )
  await turn()
  send(['message', '1'])
  await act(async () => startTransition(() => go('/b')))
  await act(async () => render(1))
  send(['message', '2'])
  expect([view.text(), asked()]).toEqual(['2 open 1', ['/a']])
})

test('of those that show the same, each may come and go, and the connection goes with the last', async () => {
  const stream = stage.pool.stream('/a')
  const Page = (): ReactElement => (
    <p>{`${useEventStream(stream).data} ${useEventStream(stream, { select: ({ data }) => data })}`}</p>
  )
  const pages = (...keys: number[]) => keys.map((key) => <Page key={key} />)
  const view = show(pages(1, 2))
  await turn()
  send(['message', 'a'])
  await view.to(pages(2, 3))
  send(['message', 'b'])
  expect(view.text()).toBe('b bb b')
  await view.to(pages(3))
  send(['message', 'c'])
  expect(view.text()).toBe('c c')
  await view.to(null)
  await act(() => vi.advanceTimersByTimeAsync(100))
  expect([stage.server.open(), asked()]).toEqual([0, ['/a']])
})

test('components that mount together and ask for the same are one reader of the stream', async () => {
  function Page(): ReactElement {
    const decoded = useEventStream('/a', { decode: json<number>(), retry: { factor: 3 } })
    const selected = useEventStream('/a', { select: ({ data }) => data })
    return <p>{`${decoded.data} ${selected}`}</p>
  }
  const counts = () => stage.pool.connections.peek()[0]?.holders.map(({ count }) => count)
  const view = show([<Page key="1" />, <Page key="2" />])
  await turn()
  expect(counts()).toEqual([2])
  await view.to([<Page key="2" />, <Page key="3" />])
  expect(counts()).toEqual([4])
  send(['message', '1'])
  expect([view.text(), asked()]).toEqual(['1 11 1', ['/a']])
})

test('who comes to decode otherwise leaves it to the others how they do', async () => {
  function Page({ decode }: { decode: DecodeFunction<unknown> }): ReactElement {
    return <p>{`${String(useEventStream('/a', { decode }).data)} `}</p>
  }
  const pages = (decode: DecodeFunction<unknown>) => [
    <Page key="1" decode={decode} />,
    <Page key="2" decode={json()} />,
  ]
  const view = show(pages(json()))
  await turn()
  send(['message', '1'])
  await view.to(pages((raw) => `raw ${raw}`))
  send(['message', '[2]'])
  expect(view.text()).toBe('raw [2] 2 ')
  await view.to(pages((raw) => `newest ${raw}`))
  send(['message', '[3]'])
  expect([view.text(), asked()]).toEqual(['newest [3] 3 ', ['/a']])
})

test('who comes when all have gone sees nothing of what they saw', async () => {
  const Page = (): ReactElement => <p>{`${useEventStream('/a').data}`}</p>
  const view = show(<Page />)
  await turn()
  send(['message', 'of ann'])
  await view.to(null)
  await act(() => vi.advanceTimersByTimeAsync(100))
  await view.to(<Page />)
  expect([view.text(), asked()]).toEqual(['undefined', ['/a', '/a']])
})

test('what the hook returns may be taken apart and spread: that reads all there is', async () => {
  function Page(): ReactElement {
    const { data, ...rest } = useEventStream('/a', { initialValue: 'none' })
    const all = { ...useEventStream('/a') }
    return <p>{`${data} ${JSON.stringify(rest)} ${Object.keys(all).join()} ${all.status}`}</p>
  }
  const view = show(<Page />)
  expect(view.text()).toBe('none {"status":"idle"} event,status,error,data idle')
  await turn()
  expect(view.text()).toBe('none {"status":"open"} event,status,error,data open')
})

test('a field that is first read long after the render is the newest, and from then on shown anew', async () => {
  function Details({ view }: { view: { readonly data: string | undefined } }): ReactElement {
    const [isOpen, setOpen] = useState(false)
    return <button onClick={() => setOpen(true)}>{isOpen && view.data}</button>
  }
  function Page(): ReactElement {
    return <Details view={useEventStream('/events')} />
  }
  const view = show(<Page />)
  await turn()
  send(['message', 'one'])
  send(['message', 'two'])
  act(() => document.querySelector('button')?.click())
  expect(view.text()).toBe('two')
  send(['message', 'three'])
  expect(view.text()).toBe('three')
})

test('a store of any make is shown', () => {
  const readers = new Set<(value: number) => void>()
  let value = 1
  const store = {
    peek: () => value,
    subscribe: (reader: (value: number) => void) => {
      readers.add(reader)
      reader(value)
      return () => readers.delete(reader)
    },
  } as unknown as ReadonlySignal<number>
  const Page = (): ReactElement => <p>{useStore(store)}</p>
  const view = show([<Page key="1" />, <Page key="2" />])
  act(() => {
    value = 2
    for (const reader of readers) reader(value)
  })
  expect([view.text(), readers.size]).toEqual(['22', 1])
})

test('a component that comes back shows what came meanwhile at once, by hook and by store, and renders once', async () => {
  const stream = stage.pool.stream('/a')
  // Made long before the stream is open.
  const store = stream.select('message', ({ data }) => data)
  const rendered = vi.fn<(shown: string) => void>()
  function Page(): ReactElement {
    const { data } = useEventStream(stream)
    const selected = useEventStream(stream, { select: (event) => event.data })
    const shown = `${data} ${selected} ${useStore(store)}`
    rendered(shown)
    return <p>{shown}</p>
  }
  stage.pool.stream('/a').on('message', () => {})
  await turn()
  act(() => stage.server.send(['message', '1']))
  const view = show(<Page />)
  await turn()
  await view.to(null)
  send(['message', '2'])
  send(['message', '3'])
  await view.to(<Page />)
  expect(rendered.mock.calls).toEqual([['1 1 1'], ['3 3 3']])
})

test('what is hidden by a fallback shows the newest event when it is back, on the same connection', async () => {
  let go: () => void = () => {}
  let suspended: Promise<void> | undefined
  function Guest({ stopped }: { stopped: boolean }): ReactElement | null {
    if (stopped && suspended === undefined) {
      suspended = new Promise<void>((resolve) => {
        go = resolve
      }).then(() => {
        suspended = Promise.resolve()
        over = true
      })
    }
    // oxlint-disable-next-line typescript/only-throw-error -- so one suspends in every React
    if (stopped && !over) throw suspended
    return null
  }
  let over = false
  const Price = (): ReactElement => <p>{useEventStream('/a').data}</p>
  const page = (stopped: boolean) => (
    <Suspense fallback="waiting">
      <Price />
      <Guest stopped={stopped} />
    </Suspense>
  )
  const view = show(page(false))
  await turn()
  send(['message', '1'])
  await view.to(page(true))
  expect(view.text()).toContain('waiting')
  send(['message', '2'])
  await act(async () => go())
  await turn()
  expect([view.text(), asked()]).toEqual(['2', ['/a']])
})

test('ten thousand events in one chunk are one render, and a reducer and a listener see each', async () => {
  let renders = 0
  let heard = 0
  function Page(): ReactElement {
    useLayoutEffect(() => {
      renders += 1
    })
    const sum = useEventStream('/a', {
      reducer: (total: number, { data }) => total + Number(data),
      initialValue: 0,
    })
    useStreamEvent('/a', 'message', () => {
      heard += 1
    })
    return <p>{`${useEventStream('/a').data} ${sum}`}</p>
  }
  const view = show(<Page />)
  await turn()
  renders = 0
  send(...Array.from({ length: 10_000 }, (_, n): Message => ['message', String(n)]))
  expect([view.text(), renders, heard]).toEqual([`9999 ${(9_999 * 10_000) / 2}`, 1, 10_000])
})

import { act, render } from '@testing-library/react'
import { createPool, json, type StreamEvent, type Transport } from 'millrace'
import {
  PoolProvider,
  useEventStream,
  useStreamEvent,
  useStreamStatus,
  type EventStreamView,
} from 'millrace/react'
import { Component, memo, useMemo, type ReactElement, type ReactNode } from 'react'
import { expect, test, vi } from 'vitest'
import { scriptedServer } from './scripted-server.ts'
import { setStage } from './stage.tsx'

const stage = setStage()
const { turn, send, show } = stage
const lingered = () => stage.pass(100)
const urls = () =>
  stage.server.requests.map(({ url }) => new URL(url).pathname + new URL(url).search)

test('another URL is another stream, and the old one goes when it has lingered', async () => {
  const heard: string[] = []
  function Page({ url }: { url: string }): ReactElement {
    useStreamEvent(url, 'message', (event) => heard.push(`${url} ${event.data}`))
    const light = useStreamStatus(url)
    return <p>{`${useEventStream(url).data} ${light}`}</p>
  }
  const view = show(<Page url="/a" />)
  await turn()
  send(['message', '1'])
  expect(view.text()).toBe('1 open')
  await view.to(<Page url="/b" />)
  expect(view.text()).toBe('undefined open')
  expect([urls(), stage.server.open()]).toEqual([['/a', '/b'], 2])
  send(['message', '2'])
  expect(view.text()).toBe('2 open')
  expect(heard).toEqual(['/a 1', '/b 2'])
  await lingered()
  expect(stage.server.open()).toBe(1)
  await view.to(<Page url="/a" />)
  expect(urls()).toEqual(['/a', '/b', '/a'])
})

test('who changes back while the old stream lingers finds it, with its value', async () => {
  const Page = ({ url }: { url: string }): ReactElement => <p>{useEventStream(url).data}</p>
  const view = show(<Page url="/a" />)
  await turn()
  send(['message', 'of a'])
  await view.to(<Page url="/b" />)
  await view.to(<Page url="/a" />)
  expect(view.text()).toBe('of a')
  expect(urls()).toEqual(['/a', '/b'])
})

function bare(headers: Record<string, string>): Record<string, string> {
  return Object.assign(Object.create(null) as Record<string, string>, headers)
}

test('options that ask for the same, however they are written, reopen nothing', async () => {
  function Page({ n }: { n: number }): ReactElement {
    const shown = useEventStream('/a', {
      headers: { a: '1' },
      retry: { initialDelay: 10, retryOn: () => undefined },
      onError: () => n,
      onGap: () => n,
      doneWhen: () => false,
      initialValue: { n },
      initialLastEventId: String(n),
      select: (event) => `${event.data}${n}`,
    })
    return <p>{JSON.stringify(shown)}</p>
  }
  const view = show(<Page n={1} />)
  await turn()
  await view.to(<Page n={2} />)
  await lingered()
  expect(stage.server.requests).toHaveLength(1)
})

test.each([
  ['headers', { headers: { a: '1' } }, { headers: { a: '2' } }],
  ['the key', { key: 'ada' }, { key: 'bob' }],
  ['credentials', { credentials: 'omit' }, { credentials: 'include' }],
  ['headers without a prototype', { headers: bare({ a: '1' }) }, { headers: bare({ a: '2' }) }],
  ['the method', {}, { method: 'POST', body: 'x' }],
  [
    'a query as the body',
    { method: 'POST', body: new URLSearchParams({ a: '1' }) },
    { method: 'POST', body: new URLSearchParams({ a: '2' }) },
  ],
  ['the channel', { channel: 'a' }, { channel: 'b' }],
] as const)('another value of %s asks anew', async (_, before, after) => {
  function Page({ options }: { options: object }): ReactElement {
    return <p>{useEventStream('/a', options).data}</p>
  }
  const view = show(<Page options={before} />)
  await turn()
  await view.to(<Page options={after} />)
  expect(stage.server.requests).toHaveLength(2)
  await lingered()
  expect(stage.server.open()).toBe(1)
})

test('what is sent once is not sent again for another event type, which is read from the start', async () => {
  const Page = ({ event }: { event: string }): ReactElement => (
    <p>{useEventStream('/a', { event, method: 'POST', body: 'x' }).data}</p>
  )
  const view = show(<Page event="a" />)
  await turn()
  send(['a', '1'], ['b', '2'])
  expect(view.text()).toBe('1')
  await view.to(<Page event="b" />)
  expect(view.text()).toBe('2')
  expect(stage.server.requests).toHaveLength(1)
})

test('another event type, selector or way to read reopens nothing', async () => {
  type Options = Parameters<typeof useEventStream>[1]
  function Page({ options }: { options: object }): ReactElement {
    const shown: unknown = useEventStream('/a', options as Options)
    const { data } = Object(shown) as { data?: string }
    return <p>{data ?? String(shown)}</p>
  }
  const view = show(<Page options={{ event: 'a' }} />)
  await turn()
  send(['a', '1'], ['b', '2'])
  expect(view.text()).toBe('1')
  await view.to(<Page options={{ event: 'b' }} />)
  send(['b', '3'])
  expect(view.text()).toBe('3')
  await view.to(<Page options={{ event: 'b', select: () => 'selected' }} />)
  expect(view.text()).toBe('selected')
  await view.to(<Page options={{ event: 'b', reducer: (n: number) => n + 1, initialValue: 7 }} />)
  expect(view.text()).toBe('7')
  send(['b', '4'])
  expect(view.text()).toBe('8')
  expect(stage.server.requests).toHaveLength(1)
})

test('the newest of all functions is called', async () => {
  const heard: string[] = []
  function Page({ name }: { name: string }): ReactElement {
    useEventStream('/a', {
      decode: (raw) => {
        if (raw === 'bad') throw new Error(raw)
        return `${raw} by ${name}`
      },
      onError: () => heard.push(`error ${name}`),
      onGap: ({ reason }) => heard.push(`${reason} ${name}`),
      select: ({ data }) => heard.push(data),
    })
    return <p />
  }
  const view = show(<Page name="old" />)
  await turn()
  await view.to(<Page name="new" />)
  send(['message', 'good'], ['message', 'bad'], ['millrace-reset', ''])
  expect([...new Set(heard)].toSorted()).toEqual(['error new', 'good by new', 'reset new'])
})

test('a decoder is the newest, also of a type that was decoded before', async () => {
  const Page = ({ name }: { name: string }): ReactElement => (
    <p>{useEventStream('/a', { decode: (raw) => `${raw} by ${name}` }).data}</p>
  )
  const view = show(<Page name="old" />)
  await turn()
  send(['message', '1'])
  expect(view.text()).toBe('1 by old')
  await view.to(<Page name="new" />)
  send(['message', '2'])
  expect(view.text()).toBe('2 by new')
})

test('another initial value is another view, and one that was shown stays as it was', async () => {
  type View = EventStreamView<StreamEvent, number>
  const views: View[] = []
  const Child = memo(({ view }: { view: View }) => view.data)
  function Page({ n }: { n: number }): ReactElement {
    const view = useEventStream('/a', { initialValue: n })
    const made = useMemo(() => `of ${view.data}`, [view])
    views.push(view)
    return (
      <p>
        {made} <Child view={view} />
      </p>
    )
  }
  const view = show(<Page n={1} />)
  await turn()
  await view.to(<Page n={2} />)
  expect(view.text()).toBe('of 2 2')
  expect([views[0]?.data, views.at(-1)?.data]).toEqual([1, 2])
  send(['message', 'x'])
  expect(view.text()).toBe('of x x')
})

test('a view that was shown stays as it was, also when a field of it is read for the first time', async () => {
  type View = EventStreamView<StreamEvent>
  const views = new Set<View>()
  function Page(): ReactElement {
    const view = useEventStream('/a')
    views.add(view)
    return <p>{view.data}</p>
  }
  show(<Page />)
  await turn()
  send(['message', '1'])
  send(['message', '2'])
  const [, one, two] = views
  expect([one?.status, one?.data, one?.event?.data]).toEqual(['open', '1', '1'])
  expect([two?.status, two?.data, two?.event?.data]).toEqual(['open', '2', '2'])
})

test('an initial value that equals nothing, itself neither, renders once', async () => {
  const shown = vi.fn<typeof String>(String)
  const Page = (): ReactElement => (
    <p>{shown(useEventStream('/a', { initialValue: Number.NaN }).data)}</p>
  )
  const view = show(<Page />)
  await turn()
  expect(view.text()).toBe('NaN')
  expect(shown).toHaveBeenCalledTimes(1)
})

test('a URL object is what it was when it was given, and what has become of it is another stream', async () => {
  const url = new URL('https://example.test/a')
  const move = (to: string) => (url.pathname = to)
  const Reader = () => <b>{useEventStream(url).status}</b>
  function Page({ next }: { next: string }): ReactElement {
    const { status } = useEventStream(url)
    move(next)
    return (
      <p>
        {status} <Reader />
      </p>
    )
  }
  const view = show(<Page next="/b" />)
  await turn()
  expect(urls()).toEqual(['/b', '/a'])
  await view.to(<Page next="/b" />)
  await lingered()
  expect([view.text(), urls().length, stage.server.open()]).toEqual(['open open', 2, 1])
})

test('no decoder is the text, in whichever way one says so from JavaScript', async () => {
  const Page = ({ decode }: { decode: null | ((raw: string) => string) }): ReactElement => (
    <p>{useEventStream('/a', { decode: decode as (raw: string) => string }).data}</p>
  )
  const view = show(<Page decode={null} />)
  await turn()
  send(['message', 'x'])
  expect(view.text()).toBe('x')
  await view.to(<Page decode={(raw) => `<${raw}>`} />)
  send(['message', 'y'])
  expect(view.text()).toBe('<y>')
})

test('components with one doneWhen share their connection', async () => {
  const isLast = ({ data }: { readonly data: string }) => data === '[DONE]'
  const Page = (): ReactElement => <p>{useEventStream('/a', { doneWhen: isLast }).status}</p>
  const view = show([<Page key="1" />, <Page key="2" />])
  await turn()
  expect(stage.server.requests).toHaveLength(1)
  send(['message', '[DONE]'])
  expect(view.text()).toBe('closedclosed')
})

test('another pool is another connection', async () => {
  const Page = (): ReactElement => <p>{useEventStream('/a').data}</p>
  const other = scriptedServer()
  const otherPool = createPool({ transport: other.transport })
  const view = render(
    <PoolProvider pool={stage.pool}>
      <Page />
    </PoolProvider>,
  )
  await turn()
  view.rerender(
    <PoolProvider pool={otherPool}>
      <Page />
    </PoolProvider>,
  )
  await turn()
  await lingered()
  expect([stage.server.open(), other.open()]).toEqual([0, 1])
  otherPool.close()
})

test('no error of a stream reaches an error boundary', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
  let caught: unknown
  class Boundary extends Component<{ children: ReactNode }> {
    override componentDidCatch(error: unknown): void {
      caught = error
    }
    override render(): ReactNode {
      return this.props.children
    }
  }
  function Page(): ReactElement {
    const { data, error, status } = useEventStream('/a', { decode: json<number>() })
    useStreamEvent('/a', 'message', () => {
      throw new Error('mine')
    })
    const selected = useEventStream('/a', {
      select: () => {
        throw new Error('mine')
      },
    })
    return <p>{`${data} ${error?.code} ${status} ${String(selected)}`}</p>
  }
  const view = show(
    <Boundary>
      <Page />
    </Boundary>,
  )
  await turn()
  send(['message', '{'], ['message', '1'])
  expect(view.text()).toBe('1 undefined open undefined')
  act(() => stage.server.close({ kind: 'status', status: 500, retryAfter: undefined }))
  expect(view.text()).toBe('1 status waiting undefined')
  await act(() => vi.advanceTimersByTimeAsync(60_000))
  act(() => stage.server.close({ kind: 'status', status: 403, retryAfter: undefined }))
  expect(view.text()).toBe('1 status closed undefined')
  expect(caught).toBeUndefined()
})

test('a transport that fails to connect is a status, and no error of the component', async () => {
  const broken: Transport = {
    hearsEveryType: true,
    connect: () => {
      throw new Error('no network stack here')
    },
  }
  function Page(): ReactElement {
    const { status, error } = useEventStream('/a', { transport: broken })
    return <p>{`${status} ${error?.code}`}</p>
  }
  const view = show(<Page />)
  await turn()
  expect(view.text()).toBe('waiting network')
})

import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { finiteReplay } from '@millrace/server'
import { act, cleanup, render, screen } from '@testing-library/react'
import { createPool, json, multiplex, type Pool, type Transport } from 'millrace'
import {
  PoolProvider,
  useEventStream,
  useStore,
  useStreamEvent,
  useStreamStatus,
} from 'millrace/react'
import { setupServer } from 'msw/node'
import { Profiler, StrictMode, useMemo, useState, type ReactNode } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { forbidComplaints } from './complaints.ts'

interface Tick {
  readonly price: number
  readonly size: number
}

const events = fakeEventServer('/events', { replay: finiteReplay({ count: 100 }) })
const server = setupServer(...events.handlers)
let clock: ReturnType<typeof manualClock>
let pool: Pool

beforeAll(() => {
  server.listen({ onUnhandledFrame: 'error' })
})
beforeEach(() => {
  clock = manualClock()
  pool = createPool({ clock })
  renders.clear()
  forbidComplaints()
})
afterEach(async () => {
  cleanup()
  pool.close()
  vi.restoreAllMocks()
  await events.reset()
})
afterAll(() => {
  server.close()
})

function show(children: ReactNode, { strict = false } = {}) {
  const wrap = (inner: ReactNode) => {
    const provided = <PoolProvider pool={pool}>{inner}</PoolProvider>
    return strict ? <StrictMode>{provided}</StrictMode> : provided
  }
  const view = render(wrap(children))
  return { ...view, rerender: (next: ReactNode) => view.rerender(wrap(next)) }
}

const renders = new Map<string, number>()
/** Counts how often what is in it renders. */
function counted(name: string, children: ReactNode) {
  const count = () => renders.set(name, (renders.get(name) ?? 0) + 1)
  return (
    <Profiler key={name} id={name} onRender={count}>
      {children}
    </Profiler>
  )
}

const shown = () => screen.getByRole('status').textContent
const tick = json<Tick>()

test('that the connection opens renders no component that reads only data', async () => {
  function Price() {
    return (
      <p role="status">{useEventStream('/events', { event: 'tick', decode: tick }).data?.price}</p>
    )
  }
  show(counted('price', <Price />))
  await events.connected()
  expect(renders.get('price')).toBe(1)
})

test('a component shows the newest event', async () => {
  function Price() {
    const { data } = useEventStream('/events', { event: 'tick', decode: tick })
    return <output>{data?.price ?? 'none'}</output>
  }
  show(<Price />)
  expect(shown()).toBe('none')
  await events.connected()
  await events.send({ event: 'tick', data: { price: 1, size: 1 } })
  expect(shown()).toBe('1')
  await events.send({ event: 'tick', data: { price: 2, size: 1 } })
  expect(shown()).toBe('2')
})

test('a component that comes to an open stream shows its newest event at once, and renders once', async () => {
  function Price({ name }: { name: string }) {
    const { data } = useEventStream('/events', { event: 'tick', decode: tick })
    return <output title={name}>{data?.price ?? 'none'}</output>
  }
  function Selected() {
    const price = useEventStream('/events', {
      event: 'tick',
      decode: tick,
      select: ({ data }) => data.price,
      initialValue: 'none',
    })
    return <output title="selected">{price}</output>
  }
  function Stored() {
    const store = useMemo(
      () => pool.stream('/events', { events: { tick } }).select('tick', ({ data }) => data.price),
      [],
    )
    return <output title="stored">{useStore(store) ?? 'none'}</output>
  }
  const view = show(<Price name="first" />)
  await events.connected()
  await events.send({ event: 'tick', data: { price: 1, size: 1 } })
  const late = ['late', 'selected', 'stored']
  view.rerender(
    <>
      <Price name="first" />
      {counted('late', <Price name="late" />)}
      {counted('selected', <Selected />)}
      {counted('stored', <Stored />)}
    </>,
  )
  expect(late.map((title) => screen.getByTitle(title).textContent)).toEqual(['1', '1', '1'])
  expect(late.map((name) => renders.get(name))).toEqual([1, 1, 1])
})

test('StrictMode opens exactly one connection', async () => {
  function Price() {
    const { data } = useEventStream('/events')
    return <output>{data}</output>
  }
  show(<Price />, { strict: true })
  await events.connected({ count: 1 })
  await clock.advance(10_000)
  expect(events.clients).toHaveLength(1)
  expect(events.log.filter(({ kind }) => kind === 'requested')).toHaveLength(1)
})

test('a hundred components on one URL are one connection', async () => {
  function Price({ type }: { type: string }) {
    const { data } = useEventStream('/events', { event: type })
    return <output>{data}</output>
  }
  show(Array.from({ length: 100 }, (_, n) => <Price key={n} type={`t${n % 10}`} />))
  await events.connected({ count: 1 })
  expect(events.clients).toHaveLength(1)
})

test('inline options, decoders, selectors and headers reopen nothing, and the newest are used', async () => {
  function Price() {
    const [factor, setFactor] = useState(1)
    const value = useEventStream('/events', {
      event: 'tick',
      decode: (raw) => JSON.parse(raw) as Tick,
      headers: () => ({ 'x-factor': String(factor) }),
      select: (event) => event.data.price * factor,
      retry: { initialDelay: 500 },
    })
    return (
      <button onClick={() => setFactor(10)}>
        <output>{value ?? 'none'}</output>
      </button>
    )
  }
  show(<Price />)
  await events.connected()
  await events.send({ event: 'tick', data: { price: 3, size: 1 } })
  expect(shown()).toBe('3')
  act(() => {
    screen.getByRole('button').click()
  })
  expect(shown()).toBe('30')
  await events.send({ event: 'tick', data: { price: 4, size: 1 } })
  expect(shown()).toBe('40')
  expect(events.log.filter(({ kind }) => kind === 'requested')).toHaveLength(1)
  await events.drop()
  await clock.advance(500)
  await events.connected()
  expect(events.clients[0]?.request.headers.get('x-factor')).toBe('10')
})

test('a component re-renders only for what it has read', async () => {
  const stream = pool.stream('/events', { events: { tick } })
  function Price() {
    const { data } = useEventStream(stream, { event: 'tick' })
    return <output>{data?.price}</output>
  }
  function Light() {
    return <i>{useStreamStatus(stream)}</i>
  }
  function Selected() {
    return <b>{useEventStream(stream, { event: 'tick', select: (event) => event.data.price })}</b>
  }
  function Cheap() {
    return (
      <b>
        {String(
          useEventStream(stream, { event: 'tick', select: (event) => event.data.price < 100 }),
        )}
      </b>
    )
  }
  show([
    counted('price', <Price />),
    counted('light', <Light />),
    counted('selected', <Selected />),
    counted('cheap', <Cheap />),
  ])
  expect(renders.get('price')).toBe(1)
  await events.connected()
  renders.clear()
  for (const price of [1, 1, 2]) {
    // oxlint-disable-next-line no-await-in-loop
    await events.send({ event: 'tick', data: { price, size: 1 } })
  }
  await events.send({ event: 'other', data: 'x' })
  expect(Object.fromEntries(renders)).toEqual({ price: 3, selected: 2, cheap: 1 })
  await events.drop()
  expect(Object.fromEntries(renders)).toEqual({ price: 3, light: 1, selected: 2, cheap: 1 })
})

test('a burst in one chunk is one render, and a reducer sees all of it', async () => {
  function Volume() {
    const total = useEventStream('/events', {
      event: 'tick',
      decode: tick,
      reducer: (sum: number, event) => sum + event.data.size,
      initialValue: 0,
    })
    return <output>{total}</output>
  }
  show(counted('volume', <Volume />))
  await events.connected()
  renders.clear()
  const one = (size: number) => `event: tick\ndata: {"price":1,"size":${size}}\n\n`
  await events.sendRaw(Array.from({ length: 1_000 }, (_, n) => one(n)).join(''))
  expect(shown()).toBe(String((999 * 1_000) / 2))
  expect(renders.get('volume')).toBe(1)
})

test('status and error re-render a component that reads them', async () => {
  const stream = pool.stream('/events')
  function Health() {
    const { status, error } = useEventStream(stream)
    return <output>{`${status} ${error?.code ?? 'well'}`}</output>
  }
  show(<Health />)
  await events.connected()
  expect(shown()).toBe('open well')
  await events.drop()
  expect(shown()).toBe('waiting network')
  await clock.advance(1_000)
  await events.connected()
  expect(shown()).toBe('open well')
})

test('a status light alone opens no stream', async () => {
  function Light() {
    return <output>{useStreamStatus('/events')}</output>
  }
  show(<Light />)
  await clock.advance(1_000)
  expect(events.log).toEqual([])
  expect(shown()).toBe('idle')
})

test('after a drop the component shows what it missed', async () => {
  function News() {
    const all = useEventStream('/events', {
      event: 'news',
      reducer: (list: readonly string[], event) => [...list, event.data],
      initialValue: [],
    })
    return <output>{all.join(',')}</output>
  }
  show(<News />)
  await events.connected()
  await events.send({ event: 'news', data: 'a' })
  await events.drop()
  await events.send({ event: 'news', data: 'b' })
  await events.send({ event: 'news', data: 'c' })
  expect(shown()).toBe('a')
  await clock.advance(1_000)
  await events.connected()
  expect(shown()).toBe('a,b,c')
})

test('useStreamEvent calls the newest closure for every event, and renders nothing', async () => {
  const heard: string[] = []
  const stream = pool.stream('/events')
  function Toasts({ label }: { label: string }) {
    useStreamEvent(stream, 'order', (event) => heard.push(`${label} ${event.data}`))
    return null
  }
  const view = show(counted('toasts', <Toasts label="old" />))
  await events.connected()
  await events.send({ event: 'order', data: '1' })
  view.rerender(counted('toasts', <Toasts label="new" />))
  await events.send({ event: 'order', data: '1' })
  expect(heard).toEqual(['old 1', 'new 1'])
  expect(renders.get('toasts')).toBe(2)
  expect(events.log.filter(({ kind }) => kind === 'requested')).toHaveLength(1)
})

test('null and enabled: false hold nothing, and switching on opens', async () => {
  function Price({ on }: { on: boolean }) {
    const nothing = useEventStream(null)
    const { data, status } = useEventStream('/events', { enabled: on })
    return <output>{`${nothing.status} ${nothing.data} ${status} ${data}`}</output>
  }
  const view = show(<Price on={false} />)
  await clock.advance(5_000)
  expect(events.log).toEqual([])
  view.rerender(<Price on />)
  await events.connected()
  await events.send({ data: 'x' })
  expect(shown()).toBe('idle undefined open x')
  view.rerender(<Price on={false} />)
  await clock.advance(1_000)
  expect(events.clients).toHaveLength(0)
})

test('a component that moves to another channel hears that one, and lets go of the first', async () => {
  function Price({ channel }: { channel: string }) {
    const { data } = useEventStream('/events', { channel })
    return <output>{data ?? 'none'}</output>
  }
  const view = show(<Price channel="eur" />)
  await events.connected({ channel: 'eur' })
  await events.channel('eur').send({ data: '1' })
  expect(shown()).toBe('1')
  view.rerender(<Price channel="usd" />)
  expect(shown()).toBe('none')
  await events.connected({ channel: 'usd' })
  await events.channel('usd').send({ data: '2' })
  expect(shown()).toBe('2')
  await clock.advance(1_000)
  expect(events.clients).toHaveLength(1)
})

test('a hundred cells over ten multiplexed channels are one connection, and each shows its own', async () => {
  const market = pool.stream('/events', { channels: multiplex(), events: { tick } })
  function Cell({ channel, n }: { channel: string; n: number }) {
    const price = useEventStream(market, {
      channel,
      event: 'tick',
      select: (event) => event.data.price,
    })
    return <td data-testid={`cell-${n}`}>{price}</td>
  }
  const cells = Array.from({ length: 100 }, (_, n) => <Cell key={n} n={n} channel={`c${n % 10}`} />)
  show(
    <table>
      <tbody>
        <tr>{cells}</tr>
      </tbody>
    </table>,
  )
  await events.connected({ count: 1 })
  await events.channel('c3').send({ event: 'tick', data: { price: 7, size: 1 } })
  expect(events.clients).toHaveLength(1)
  expect(screen.getByTestId('cell-43').textContent).toBe('7')
  expect(screen.getByTestId('cell-44').textContent).toBe('')
})

test('a route change within the linger keeps the connection and the values', async () => {
  const stream = pool.stream('/events')
  function Page({ name }: { name: string }) {
    const { data } = useEventStream(stream)
    return <output>{`${name} ${data}`}</output>
  }
  const view = show(<Page key="a" name="a" />)
  await events.connected()
  await events.send({ data: '1' })
  view.rerender(null)
  await clock.advance(999)
  view.rerender(<Page key="b" name="b" />)
  expect(shown()).toBe('b 1')
  await clock.advance(10_000)
  expect(events.log.filter(({ kind }) => kind === 'requested')).toHaveLength(1)
})

test('useStore shows any store', async () => {
  const total = pool
    .stream('/events')
    .reduce('n', (sum: number, event) => sum + Number(event.data), 0)
  function Total() {
    return <output>{useStore(total)}</output>
  }
  show(<Total />)
  await events.connected()
  await events.send({ event: 'n', data: '2' })
  await events.send({ event: 'n', data: '3' })
  expect(shown()).toBe('5')
})

test('a reducer that comes into use later starts at the initial value of that render', async () => {
  const stream = pool.stream('/events')
  function Count({ channel, start }: { channel: string; start: number }) {
    const count = useEventStream(stream, {
      channel,
      reducer: (n: number) => n + 1,
      initialValue: start,
    })
    return <output>{count}</output>
  }
  const view = show(<Count channel="a" start={1} />)
  expect(shown()).toBe('1')
  view.rerender(<Count channel="b" start={10} />)
  expect(shown()).toBe('10')
  await events.connected({ channel: 'b' })
  await events.channel('b').send({ data: '' })
  expect(shown()).toBe('11')
})

test('a component that begins to read status later is re-rendered for it from then on', async () => {
  const stream = pool.stream('/events')
  function Price({ withStatus }: { withStatus: boolean }) {
    const view = useEventStream(stream)
    return <output>{withStatus ? view.status : (view.data ?? 'none')}</output>
  }
  const view = show(<Price withStatus={false} />)
  await events.connected()
  view.rerender(<Price withStatus />)
  expect(shown()).toBe('open')
  await events.drop()
  expect(shown()).toBe('waiting')
})

test('a body written inline is one request of its component, however often that renders', async () => {
  const requests: string[] = []
  const transport: Transport = {
    hearsEveryType: true,
    connect: (request, sink) => {
      requests.push(request.method)
      queueMicrotask(sink.open)
      return { close: () => {}, listen: () => {} }
    },
  }
  function Answer({ body }: { body: () => BodyInit }) {
    const { status } = useEventStream('/ask', { method: 'POST', transport, body: body() })
    return <output>{status}</output>
  }
  const answers = () => [
    <Answer key="1" body={() => new URLSearchParams({ a: '1' })} />,
    <Answer key="2" body={() => new URLSearchParams({ a: '1' })} />,
    <Answer key="3" body={() => new FormData()} />,
  ]
  const view = show(answers())
  await clock.advance(0)
  view.rerender(answers())
  await clock.advance(0)
  expect(screen.getAllByRole('status').map((one) => one.textContent)).toEqual(
    Array.from({ length: 3 }, () => 'open'),
  )
  expect(requests).toEqual(['POST', 'POST', 'POST'])
})

test("with event '*', decode makes the payload of every type", async () => {
  function Last() {
    const { data, event } = useEventStream('/events', { event: '*', decode: tick })
    return <output>{`${event?.type} ${data?.price}`}</output>
  }
  show(<Last />)
  await events.connected()
  await events.send({ event: 'tick', data: { price: 1, size: 1 } })
  expect(shown()).toBe('tick 1')
})

test('naming a channel in a render disturbs no component that shows a status', async () => {
  const [held, other] = [pool.stream('/events'), pool.stream('/events')]
  held.channel('x').on('message', () => {})
  function Light() {
    return <i>{useStreamStatus(other)}</i>
  }
  function Late() {
    return <output>{useEventStream(other, { channel: 'x' }).data}</output>
  }
  const view = show(<Light />)
  await events.connected()
  view.rerender([<Light key="1" />, <Late key="2" />])
  await events.channel('x').send({ data: 'seen' })
  expect(shown()).toBe('seen')
})

test('an onError written inline is the newest', async () => {
  const heard: string[] = []
  function Price({ label }: { label: string }) {
    useEventStream('/events', { decode: json(), onError: () => heard.push(label) })
    return null
  }
  const view = show(<Price label="old" />)
  await events.connected()
  view.rerender(<Price label="new" />)
  await events.send({ data: '{' })
  expect(heard).toEqual(['new'])
})

test('nothing as a source, from JavaScript too, asks for nothing', async () => {
  function Price() {
    return <output>{useEventStream(undefined as unknown as null).status}</output>
  }
  show(<Price />)
  await clock.advance(1_000)
  expect(events.log).toEqual([])
  expect(shown()).toBe('idle')
})

test('a selector that throws is reported, and the last value stays', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
  function Price() {
    const price = useEventStream('/events', {
      select: (event) => {
        if (event.data === 'bad') throw new Error('mine')
        return event.data
      },
    })
    return <output>{price}</output>
  }
  show(<Price />)
  await events.connected()
  await events.send({ data: 'good' })
  await events.send({ data: 'bad' })
  expect(shown()).toBe('good')
  expect(reported).toHaveBeenCalled()
})

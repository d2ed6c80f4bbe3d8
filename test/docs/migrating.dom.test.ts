import { installEventSource } from '@millrace/testing/event-source'
import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { cleanup, render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { setupServer } from 'msw/node'
import { createElement } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { effectScope } from 'vue'
import { chat } from './migrating/chat.ts'
import { watchPrice as watchBefore } from './migrating/event-source.ts'
import { watchPrice } from './migrating/price.ts'
import { Ticker } from './migrating/ticker.tsx'
import { usePrice } from './migrating/use-price.ts'

const events = fakeEventServer('/events')
const asking = fakeEventServer('/chat', { methods: ['POST'] })
const server = setupServer(...events.handlers, ...asking.handlers)
const clock = manualClock()
// The handles of the pages take the default pool when they are first read, and keep it.
const pool = createPool({ clock })
let uninstall: () => void

beforeAll(() => {
  uninstall = installEventSource()
  server.listen()
})
beforeEach(() => setDefaultPool(pool))
afterEach(async () => {
  cleanup()
  pool.close()
  await events.reset()
  await asking.reset()
})
afterAll(() => {
  server.close()
  uninstall()
})

const tick = (price: number) => events.send({ event: 'tick', data: { price } })

test('EventSource: the same prices are seen, on one connection', async () => {
  const before: number[] = []
  const after: number[] = []
  const stops = [watchBefore((price) => before.push(price))]
  for (let n = 0; n < 2; n += 1) stops.push(watchPrice((price) => after.push(price)))
  await events.connected({ count: 2 })
  await tick(41)
  await tick(42)
  expect(before).toEqual([41, 42])
  expect(after).toEqual([41, 41, 42, 42])
  for (const stop of stops) stop()
})

test('fetch-event-source: a question is posted once, and a refusal is caught', async () => {
  const answer = chat('Why?', new AbortController().signal)
  const [client] = await asking.connected()
  expect(await client?.request.json()).toEqual({ question: 'Why?' })
  await asking.send({ data: 'Because.' })
  await asking.end()
  expect(await answer).toBe('Because.')
  asking.refuse({ status: 429 }, { times: 1 })
  expect(await chat('Why?', new AbortController().signal)).toBe('Too many questions.')
})

test('react-use-websocket: a component shows the newest, its callback hears all', async () => {
  const heard: number[] = []
  const onTick = ({ price }: { price: number }) => void heard.push(price)
  const page = render(createElement(Ticker, { live: true, onTick }))
  await events.connected()
  await events.sendRaw('event: tick\ndata: {"price":1}\n\nevent: tick\ndata: {"price":2}\n\n')
  expect(heard).toEqual([1, 2])
  expect(screen.getByRole('status').textContent).toBe('2, open')
  page.rerender(createElement(Ticker, { live: false, onTick }))
  await clock.advance(1_000)
  expect(events.clients).toEqual([])
})

test('VueUse: a price, how it stands, and an end of trying', async () => {
  const scope = effectScope()
  const { price, status, error } = scope.run(usePrice) ?? {}
  await events.connected()
  await tick(42)
  expect([price?.value, status?.value]).toEqual([42, 'open'])
  events.unreachable()
  await events.drop()
  await clock.advance(60_000)
  expect([price?.value, status?.value, error?.value?.code]).toEqual([42, 'closed', 'gave-up'])
  scope.stop()
})

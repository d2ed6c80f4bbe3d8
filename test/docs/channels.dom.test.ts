import { byQuery, finiteReplay } from '@millrace/server'
import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { cleanup, render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { createElement } from 'react'
import { afterEach, expect, test } from 'vitest'
import { chat } from './channels/rooms.ts'
import { euro, newest, pound } from './channels/market.ts'
import { tenants } from './channels/tenants.ts'
import { Watchlist } from './channels/watchlist.tsx'

const clock = manualClock()
afterEach(cleanup)

/** A server at an address, and a default pool that asks it. */
function serve(...[address, options]: Parameters<typeof fakeEventServer>) {
  const events = fakeEventServer(address, options)
  const pool = createPool({ fetch: events.fetch, clock })
  setDefaultPool(pool)
  return { events, pool }
}

const { events: market } = serve('/events', { replay: finiteReplay({ count: 100 }) })

test('the channels of the page are one connection, and a parent hears its children', async () => {
  const stops = [euro, pound, newest].map((store) => store.subscribe(() => {}))
  await market.connected()
  expect(market.clients.map(({ channels }) => channels)).toEqual([['fx']])
  await market.channel('fx/eur-usd').send({ event: 'tick', data: { price: 1.1 } })
  await market.channel('fx/gbp-usd').send({ event: 'tick', data: { price: 1.3 } })
  await market.channel('fxother').send({ event: 'tick', data: { price: 7 } }, { allowNone: true })
  expect([euro.value, pound.value, newest.value]).toEqual([1.1, 1.3, 'fx/gbp-usd: 1.3'])
  for (const stop of stops) stop()
  await clock.advance(1_000)
})

test('the watchlist of the page grows and shrinks on one connection, and misses nothing', async () => {
  const shown = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent)
  const tick = (pair: string, price: number) =>
    market.channel(`fx/${pair}`).send({ event: 'tick', data: { price } })
  const page = render(createElement(Watchlist, { pairs: ['eur-usd'] }))
  await market.connected()
  await tick('eur-usd', 1)
  page.rerender(createElement(Watchlist, { pairs: ['eur-usd', 'gbp-usd'] }))
  await market.connected({ channel: 'fx/gbp-usd' })
  await tick('gbp-usd', 2)
  await tick('eur-usd', 3)
  expect(shown()).toEqual(['eur-usd 3', 'gbp-usd 2'])
  page.rerender(createElement(Watchlist, { pairs: ['gbp-usd'] }))
  await clock.advance(1_000)
  expect(market.clients.map(({ channels }) => channels)).toEqual([['fx/gbp-usd']])
})

test('the rooms of the page are told by what their payloads say', async () => {
  const { events, pool } = serve('/chat', { channels: byQuery('room') })
  const heard: string[] = []
  for (const room of ['red', 'blue']) {
    chat.channel(room).on('line', ({ channel, data }) => heard.push(`${channel}: ${data.text}`))
  }
  await events.connected()
  await events.channel('red').send({ event: 'line', data: { room: 'red', text: 'hello' } })
  expect(events.clients).toHaveLength(1)
  expect(heard).toEqual(['red: hello'])
  pool.close()
})

test('the tenants of the page are asked for by their hosts', async () => {
  const { events, pool } = serve('https://acme.example.com/feed')
  const heard: unknown[] = []
  tenants.channel('acme').on('message', ({ channel, data }) => heard.push([channel, data]))
  await events.connected()
  await events.send({ data: 'hello' })
  expect(heard).toEqual([['acme', 'hello']])
  pool.close()
})

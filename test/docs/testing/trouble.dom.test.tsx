// testing/trouble.dom.test.tsx
import { finiteReplay } from '@millrace/server'
import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { setupFakeEventServer } from '@millrace/testing/vitest'
import { render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { setupServer } from 'msw/node'
import { expect, test } from 'vitest'
import { Ticker } from './ticker.tsx'

const clock = manualClock({ random: 0.5 })
const pool = createPool({ clock })
setDefaultPool(pool)

const events = fakeEventServer('/events', { replay: finiteReplay({ count: 100 }) })
setupFakeEventServer({
  events,
  server: setupServer(...events.handlers),
  after: () => pool.close(),
})

const shown = () => screen.getByRole('status').textContent

test('after a drop, what was missed is shown when the client is back', async () => {
  render(<Ticker />)
  await events.connected()
  await events.send({ event: 'tick', data: { price: 41 }, id: '17' })
  await events.drop()
  await events.send({ event: 'tick', data: { price: 42 }, id: '18' })
  expect(shown()).toBe('41, waiting')

  await clock.advance(499)
  expect(events).toHaveNoOpenConnections()
  await clock.advance(1)
  expect(events).toHaveResumedFrom('17')
  expect(shown()).toBe('42, open')
})

test('a server that is away, then busy, is asked until it answers', async () => {
  events.unreachable({ times: 1 })
  events.refuse({ status: 503, headers: { 'retry-after': '7' } }, { times: 1 })
  render(<Ticker />)
  await clock.advance(500)
  expect(shown()).toBe('no price, waiting')
  await clock.advance(7_000)
  expect(events).toHaveConnections(1)
})

test('that the server takes its time is shown', async () => {
  events.withhold()
  render(<Ticker />)
  await events.flush()
  expect(shown()).toBe('no price, connecting')
  await events.release()
  expect(shown()).toBe('no price, open')
})

test('a token that is no longer good is the end', async () => {
  events.refuse({ status: 401 })
  render(<Ticker />)
  await events.flush()
  expect(shown()).toBe('no price, closed')
})

// testing/first.dom.test.tsx
import { fakeEventServer } from '@millrace/testing/react'
import { setupFakeEventServer } from '@millrace/testing/vitest'
import { render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { setupServer } from 'msw/node'
import { expect, test } from 'vitest'
import { Price } from '../price.tsx'

const pool = createPool()
setDefaultPool(pool)

const events = fakeEventServer('/events')
setupFakeEventServer({
  events,
  server: setupServer(...events.handlers),
  after: () => pool.close(),
})

test('the price is the newest one', async () => {
  render(<Price />)
  await events.connected()
  await events.send({ event: 'tick', data: { price: 41 } })
  await events.send({ event: 'tick', data: { price: 42 } })
  expect(screen.getByRole('status').textContent).toBe('42')
  expect(events).toHaveConnections(1)
})

// testing/fake-timers.dom.test.tsx
import { fakeEventServer } from '@millrace/testing/react'
import { setupFakeEventServer, useFakeTimers } from '@millrace/testing/vitest'
import { render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { setupServer } from 'msw/node'
import { expect, test, vi } from 'vitest'
import { Price } from '../price.tsx'

const pool = createPool()
setDefaultPool(pool)

const events = fakeEventServer('/events')
setupFakeEventServer({
  events,
  server: setupServer(...events.handlers),
  after: () => pool.close(),
})

test('a minute without a server goes by in no time', async () => {
  useFakeTimers()
  render(<Price />)
  await events.connected()
  events.unreachable()
  await events.drop()
  await vi.advanceTimersByTimeAsync(60_000)
  events.accept()
  await vi.advanceTimersByTimeAsync(30_000)
  await events.send({ event: 'tick', data: { price: 42 } })
  expect(await screen.findByText('42')).toBeDefined()
})

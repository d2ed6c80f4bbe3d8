// price.dom.test.tsx
import { fakeEventServer } from '@millrace/testing/react'
import { render, screen } from '@testing-library/react'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Price } from './price.tsx'

const events = fakeEventServer('/events')
const server = setupServer(...events.handlers)
beforeAll(() => server.listen())
afterAll(() => server.close())

test('the price is the newest one', async () => {
  render(<Price />)
  await events.connected()
  await events.send({ event: 'tick', data: { price: 41 } })
  await events.send({ event: 'tick', data: { price: 42 } })
  expect(screen.getByRole('status').textContent).toBe('42')
})

// testing/timeline.dom.test.tsx
import type { Timeline } from '@millrace/testing'
import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { setupFakeEventServer } from '@millrace/testing/vitest'
import { render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { setupServer } from 'msw/node'
import { expect, test } from 'vitest'
import { Price } from '../price.tsx'

const clock = manualClock()
const pool = createPool({ clock })
setDefaultPool(pool)

const events = fakeEventServer('/events')
setupFakeEventServer({
  events,
  server: setupServer(...events.handlers),
  after: () => pool.close(),
})

const price = () => screen.getByRole('status').textContent

test('a script', async () => {
  const timeline: Timeline = [
    { at: 0, event: 'tick', data: { price: 41 } },
    { at: 500, drop: true },
    { at: 500, run: () => expect(events).toHaveNoOpenConnections() },
    { at: 2_000, event: 'tick', data: { price: 42 } },
  ]
  render(<Price />)
  await events.play(timeline, { clock })
  expect(price()).toBe('42')
})

const recording = `: at 0
: connected

: at 120
id: 1
event: tick
data: {"price":41}

: at 950
id: 2
event: tick
data: {"price":42}

: at 1000 end

`

test('a recording', async () => {
  render(<Price />)
  await events.play(recording, { clock })
  expect(price()).toBe('42')
})

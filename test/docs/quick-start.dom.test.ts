import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { act, cleanup, render } from '@testing-library/react'
import { createPool, eventStream, setDefaultPool } from 'millrace'
import { createElement } from 'react'
import { expect, test } from 'vitest'
import { Light } from './quick-start/light.tsx'

const clock = manualClock({ random: 0.5 })

test('the light of the page opens nothing, and says when the next try is', async () => {
  const events = fakeEventServer('/events')
  const pool = createPool({ fetch: events.fetch, clock })
  setDefaultPool(pool)
  const { container } = render(createElement(Light))
  await events.flush()
  expect([container.textContent, events.clients.length]).toEqual(['idle', 0])
  const stop = await act(async () => {
    const reading = eventStream('/events').on('tick', () => {})
    await events.connected()
    return reading
  })
  expect(container.textContent).toBe('open')
  await events.drop()
  const next = new Date(clock.now() + 500).toLocaleTimeString()
  expect(container.textContent).toBe(`waiting, next try at ${next}`)
  cleanup()
  stop()
  pool.close()
})

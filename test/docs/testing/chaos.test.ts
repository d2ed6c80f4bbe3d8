// testing/chaos.test.ts
import { finiteReplay } from '@millrace/server'
import { fakeEventServer, manualClock } from '@millrace/testing'
import { setupFakeEventServer } from '@millrace/testing/vitest'
import { createPool } from 'millrace'
import { expect, test } from 'vitest'

const clock = manualClock()
const events = fakeEventServer('https://example.com/events', {
  replay: finiteReplay({ count: 1_000 }),
})
const pool = createPool({ clock, fetch: events.fetch })
setupFakeEventServer({ events, after: () => pool.close() })

test.each([1, 2, 3])('the total is right, whatever goes wrong (seed %i)', async (seed) => {
  const trades = pool.stream('https://example.com/events')
  let total = 0
  trades.on('trade', ({ data }) => void (total += Number(data)))
  await events.connected()

  const storm = events.chaos({ seed, drop: 0.3 })
  for (let trade = 1; trade <= 20; trade += 1) {
    await events.send({ event: 'trade', data: trade })
    await clock.advance(1_000)
  }
  storm.stop()
  await clock.advance(60_000)
  expect(total).toBe(210)
})

import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { createElement, Profiler } from 'react'
import { expect, test } from 'vitest'
import { record } from './high-rate/chart.ts'
import { errors } from './high-rate/log.ts'
import { LogTail } from './high-rate/log-tail.tsx'

const clock = manualClock()

test('the log of the page shows the last lines and counts all, in few renders', async () => {
  const events = fakeEventServer('/log')
  const pool = createPool({ fetch: events.fetch, clock })
  setDefaultPool(pool)
  let renders = 0
  const counted = { id: 'log', onRender: () => void (renders += 1) }
  render(createElement(Profiler, counted, createElement(LogTail)))
  await events.connected()
  renders = 0
  const line = (n: number) =>
    `id: ${n}\nevent: line\ndata: ${n % 10 === 0 ? 'ERROR' : 'ok'} ${n}\n\n`
  const chunks = Array.from({ length: 20 }, (_, chunk) =>
    Array.from({ length: 50 }, (_, n) => line(chunk * 50 + n)).join(''),
  )
  await events.sendChunks(chunks.map((text) => new TextEncoder().encode(text)))
  await clock.advance(100)
  expect(screen.getAllByRole('listitem')).toHaveLength(200)
  expect(screen.getByText('ok 999')).toBeDefined()
  expect(errors.value).toBe(100)
  expect(screen.getByText('100 errors')).toBeDefined()
  expect(renders).toBeGreaterThan(0)
  expect(renders).toBeLessThan(50)
  pool.close()
})

test('the samples of the page are recorded without a store', async () => {
  const events = fakeEventServer('/samples')
  const pool = createPool({ fetch: events.fetch, clock })
  setDefaultPool(pool)
  const recording = new AbortController()
  const ring = record(recording.signal)
  await events.connected()
  for (const sample of [1, 2, 3]) await events.send({ event: 'sample', data: sample })
  expect(Array.from(ring.slice(0, 4))).toEqual([1, 2, 3, 0])
  recording.abort()
  await clock.advance(1_000)
  expect(events.clients).toEqual([])
  pool.close()
})

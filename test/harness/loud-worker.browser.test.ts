import { fakeEventServer } from '@millrace/testing'
import { setupWorker } from 'msw/browser'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { read } from './reading.ts'

const events = fakeEventServer('/events')
const worker = setupWorker(...events.handlers)

beforeAll(async () => {
  for (const method of ['log', 'groupCollapsed', 'groupEnd'] as const) {
    vi.spyOn(console, method).mockImplementation(() => {})
  }
  await worker.start({ onUnhandledFrame: 'bypass' })
})
afterAll(() => worker.stop())

test('through a worker that is not quiet, who leaves is gone all the same', async () => {
  const [reading, response] = [read('/events'), await fetch('/events')]
  const source = new EventSource('/events')
  await events.connected({ count: 3 })
  await events.send({ data: 'a' })
  expect(reading.text).toContain('data: a')
  reading.leave()
  source.close()
  await response.body?.cancel()
  await events.flush()
  expect(events.clients).toEqual([])
})

import { fakeEventServer } from '@millrace/testing'
import { installEventSource } from '@millrace/testing/event-source'
import { useFakeTimers } from '@millrace/testing/vitest'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

// As a setup file does it: before there is a fake.
const uninstall = installEventSource()
const events = fakeEventServer('/events')
const server = setupServer(...events.handlers)

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => {
  server.close()
  uninstall()
})

test('an EventSource that was installed before the fake comes back by the time of the test alone', async () => {
  useFakeTimers()
  const source = new EventSource('/events?a=%20,+&b')
  await events.send({ data: 'a', retry: 20 })
  await events.drop()
  await expect(events.connected()).rejects.toThrow('all is quiet, and client 1 was dropped.')
  await vi.advanceTimersByTimeAsync(20)
  const [client] = await events.connected()
  expect(client?.request.url).toBe(source.url)
  source.close()
  await events.flush()
  expect(events.clients).toEqual([])
})

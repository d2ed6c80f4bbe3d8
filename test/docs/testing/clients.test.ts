// testing/clients.test.ts
// @vitest-environment node
import { fakeEventServer } from '@millrace/testing'
import { installEventSource } from '@millrace/testing/event-source'
import { setupFakeEventServer } from '@millrace/testing/vitest'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test } from 'vitest'

const rooms = fakeEventServer('https://example.com/rooms/:room/events')
const chat = fakeEventServer('https://example.com/chat', { methods: ['POST'] })
setupFakeEventServer({
  events: [rooms, chat],
  server: setupServer(...rooms.handlers, ...chat.handlers),
})

let uninstall = () => {}
beforeAll(() => void (uninstall = installEventSource()))
afterAll(() => uninstall())

test('an EventSource', async () => {
  const source = new EventSource('https://example.com/rooms/red/events')
  const heard: string[] = []
  source.addEventListener('message', ({ data }) => heard.push(data))
  const [client] = await rooms.connected()
  expect(client?.request.url).toBe('https://example.com/rooms/red/events')
  await client?.send({ data: 'hello' })
  expect(heard).toEqual(['hello'])
  source.close()
})

test('a fetch', async () => {
  const body = JSON.stringify({ prompt: 'Why?' })
  const response = await fetch('https://example.com/chat', { method: 'POST', body })
  const answer = response.text()
  const [client] = await chat.connected()
  expect(await client?.request.json()).toEqual({ prompt: 'Why?' })
  await chat.send({ data: 'Because.', id: '1' })
  await chat.end()
  expect(await answer).toContain('id: 1\ndata: Because.\n\n')
})

test('a fetch of its own, without MSW', async () => {
  const response = await rooms.fetch('https://example.com/rooms/red/events')
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  await response.body?.cancel()
})

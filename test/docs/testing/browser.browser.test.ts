// testing/browser.browser.test.ts
import { fakeEventServer } from '@millrace/testing'
import { installEventSource } from '@millrace/testing/event-source'
import { setupFakeEventServer } from '@millrace/testing/vitest'
import { setupWorker } from 'msw/browser'
import { expect, test } from 'vitest'

const events = fakeEventServer('/events', { retry: 10 })
setupFakeEventServer({ events, server: setupWorker(...events.handlers) })

test('the browser’s own EventSource comes back by itself', async () => {
  const source = new EventSource('/events')
  const heard: string[] = []
  source.addEventListener('message', ({ data }) => heard.push(data))
  await events.connected()
  await events.drop()
  await events.connected()
  await events.send({ data: 'hello again' })
  expect(heard).toEqual(['hello again'])
  source.close()
})

test('an EventSource whose cursor can be seen', async () => {
  const restore = installEventSource({ replace: true })
  const source = new EventSource('/events')
  await events.connected()
  await events.send({ data: 'hello', id: '17' })
  expect(source.readyState).toBe(EventSource.OPEN)
  source.close()
  restore()
})

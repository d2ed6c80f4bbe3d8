import { eventStream } from 'millrace'
import { useEventStream, useStore, useStreamStatus } from 'millrace/react'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'

test('a server render gives the initial values, opens nothing and needs no page', async () => {
  const fetch = vi.spyOn(globalThis, 'fetch')
  const stream = eventStream('/events')
  const count = stream.reduce('message', (sum: number) => sum + 1, 3)
  function Page() {
    const { data, status } = useEventStream('/events')
    const total = useEventStream(stream, { reducer: (sum: number) => sum + 1, initialValue: 7 })
    const light = useStreamStatus(stream)
    const stored = useStore(count)
    return createElement('p', null, `${data} ${status} ${total} ${light} ${stored}`)
  }
  expect(renderToString(createElement(Page))).toBe('<p>undefined idle 7 idle 3</p>')
  await Promise.resolve()
  expect(fetch).not.toHaveBeenCalled()
  fetch.mockRestore()
})

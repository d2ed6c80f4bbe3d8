import { createPool, json } from 'millrace'
import { useEventStream } from 'millrace/react'
import { useLayoutEffect, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { scriptedServer } from './scripted-server.ts'

const frame = () => new Promise(requestAnimationFrame)
const task = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => resolve(), { once: true })
    port1.start()
    port2.postMessage(undefined)
  })

test('by frame, a component renders no more often than the page is painted, and ends on the last event', async () => {
  const server = scriptedServer()
  const pool = createPool({ transport: server.transport, commit: 'frame' })
  const stream = pool.stream('/events', { events: { tick: json<number>() } })
  let renders = 0
  function Price(): ReactElement {
    const price = useEventStream(stream, { event: 'tick' }).data
    const sum = useEventStream(stream, {
      event: 'tick',
      reducer: (total: number, { data }) => total + data,
      initialValue: 0,
    })
    useLayoutEffect(() => {
      renders += 1
    })
    return <output>{`${price} ${sum}`}</output>
  }
  const container = document.createElement('div')
  const root = createRoot(container)
  root.render(<Price />)
  while (server.open() === 0) await task()
  let frames = 0
  let counting = true
  const count = () => {
    frames += 1
    if (counting) requestAnimationFrame(count)
  }
  requestAnimationFrame(count)
  renders = 0
  const start = performance.now()
  for (let chunk = 0; chunk < 500; chunk += 1) {
    server.send(
      ...Array.from({ length: 20 }, (_, n): [string, string] => ['tick', String(chunk * 20 + n)]),
    )
    await task()
  }
  while (container.textContent !== `9999 ${(9_999 * 10_000) / 2}`) await frame()
  counting = false
  // A page that is too busy to be painted is told every 100 ms.
  expect(renders).toBeLessThanOrEqual(frames + (performance.now() - start) / 100 + 1)
  root.unmount()
  pool.close()
})

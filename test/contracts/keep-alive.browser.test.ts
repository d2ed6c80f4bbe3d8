import { createEventServer } from '@millrace/server'
import { expect, test } from 'vitest'

test('a browser’s own EventSource hears the event that breaks a silence', async () => {
  const events = createEventServer({ keepAlive: { interval: 1, event: 'heartbeat' } })
  const { body } = await events.fetch(new Request('http://localhost/'))
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  const chunks = [(await reader.read()).value, (await reader.read()).value]
  await reader.cancel()

  const recorded = await fetch('/wire', {
    method: 'POST',
    body: JSON.stringify([{ chunks, ending: 'hang' }]),
  })
  const { id } = (await recorded.json()) as { id: string }
  const source = new EventSource(`/wire/${id}`)
  const { data, lastEventId } = await new Promise<MessageEvent>((resolve) => {
    source.addEventListener('heartbeat', resolve)
  })
  source.close()
  expect([data, lastEventId]).toEqual(['', ''])
})

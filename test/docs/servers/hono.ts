// servers/hono.ts
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'

const chapters = ['Loomings', 'The Carpet-Bag', 'The Spouter-Inn', 'The Counterpane']

export const app = new Hono().get('/chapters', (c) => {
  const next = Number(c.req.header('last-event-id') ?? 0) + 1
  if (next > chapters.length) return c.body(null, 204) // there is no more
  return streamSSE(c, async (stream) => {
    const data = chapters[next - 1] ?? ''
    await stream.writeSSE({ id: String(next), event: 'chapter', data })
  })
})

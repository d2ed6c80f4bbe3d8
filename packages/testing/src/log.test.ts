import { expect, test } from 'vitest'
import { fake, listen, resume } from './listener.test.support.ts'

test('the log has everything that happened, in order', async () => {
  const events = fake()
  listen(events, '?channel=pets')
  await events.connected()
  void events.send({ data: 'a' })
  void events.sendRaw(':\n\n')
  void events.drop()
  await expect(events.connected()).rejects.toThrow('client 1 was dropped')
  expect(events.log).toMatchObject([
    { at: 1, kind: 'requested', client: 1, lastEventId: undefined },
    { at: 2, kind: 'opened', client: 1, channels: ['pets'] },
    { at: 3, kind: 'sent', event: { data: 'a' }, channel: undefined, clients: [1] },
    { at: 4, kind: 'wrote', clients: [1] },
    { at: 5, kind: 'closed', client: 1, reason: 'dropped' },
  ])
})

test('an event that is invalid, or that beforeSend drops, was not sent', async () => {
  const events = fake({
    onError: () => {},
    beforeSend: (event) => (event.data === 'secret' ? null : { ...event, event: 'seen' }),
  })
  listen(events)
  await expect(events.send({ data: 'a', id: 'a\nb' })).rejects.toThrow('not fit for the wire')
  await events.send({ data: 'secret' })
  await events.send({ data: 'b' })
  expect(events.log.slice(2)).toMatchObject([{ kind: 'sent', event: { event: 'seen', data: 'b' } }])
})

test('bytes are written to those who are still there', async () => {
  const events = fake()
  const abort = new AbortController()
  let chunks = 0
  const run = async (): Promise<void> => {
    const { body } = await events.fetch('/events', { signal: abort.signal })
    for await (const chunk of body ?? []) {
      chunks += chunk.length
      if (new TextDecoder().decode(chunk).includes('a')) abort.abort()
    }
  }
  run().catch(() => {})
  listen(events)
  await events.connected({ count: 2 })
  await events.sendChunks(['data: a\n\n', ':\n\n'])
  const wrote = events.log.filter(({ kind }) => kind === 'wrote')
  expect(wrote).toMatchObject([{ clients: [1, 2] }, { clients: [2] }])
  expect(chunks).toBeGreaterThan(0)
})

test('who is stalled does not get what is sent', async () => {
  const events = fake()
  events.stall()
  listen(events)
  await events.send({ data: 'a' })
  expect(events.log.at(-1)).toMatchObject({ kind: 'sent', clients: [] })
})

test('a session that onConnect closes has been opened before', async () => {
  const events = fake({ onConnect: (session) => session.close() })
  listen(events)
  await expect(events.connected()).rejects.toThrow('client 1 was ended')
  expect(events.log).toMatchObject([
    { kind: 'requested', client: 1 },
    { kind: 'opened', client: 1 },
    { kind: 'closed', client: 1, reason: 'ended' },
  ])
})

test('what a test does to its objects afterwards changes no record', async () => {
  const events = fake()
  listen(events)
  const bytes = new TextEncoder().encode(':\n\n')
  const event = { data: { price: 1 } }
  await events.sendChunks([bytes])
  await events.send(event)
  bytes.fill(0)
  event.data.price = 2
  expect(events.log.slice(2)).toMatchObject([
    { bytes: new TextEncoder().encode(':\n\n') },
    { event: { data: { price: 1 } } },
  ])
})

test('a cursor is recorded as the engine reads it: from the header, else from the query', async () => {
  const events = fake()
  resume(events, 'a')
  listen(events, '?lastEventId=b')
  listen(events, '?lastEventId=c', { headers: { 'last-event-id': '' } })
  resume(events, String.fromCharCode(...new TextEncoder().encode('é')))
  const clients = await events.connected({ count: 4 })
  const requested = events.log.filter((record) => record.kind === 'requested')
  expect(requested.map(({ lastEventId }) => lastEventId)).toEqual(['a', 'b', 'c', 'é'])
  expect(clients.map(({ lastEventId }) => lastEventId)).toEqual(['a', 'b', 'c', 'é'])
})

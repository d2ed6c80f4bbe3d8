import { fakeEventServer, manualClock } from '@millrace/testing'
import { createPool, setDefaultPool } from 'millrace'
import { afterEach, expect, test, vi } from 'vitest'

const clock = manualClock({ now: Date.UTC(2026, 0, 1), random: 0 })

/** A server at a path, and a default pool that asks it. */
function serve(path: string) {
  const events = fakeEventServer(path)
  setDefaultPool(createPool({ fetch: events.fetch, clock }))
  return events
}
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('the policy of the page tries a 404 again', async () => {
  const { pool } = await import('./reconnecting/policy.ts')
  const events = fakeEventServer('/any')
  events.refuse({ status: 404 })
  const stream = pool.stream('/any', { fetch: events.fetch, clock })
  const stop = stream.on('message', () => {})
  await clock.advance(0)
  expect(stream.connection.value).toMatchObject({ status: 'waiting', attempt: 1 })
  expect(stream.connection.value.retryAt).toBe(clock.now() + 500)
  stop()
})

test('the words of the page for a connection follow it', async () => {
  const events = serve('/orders')
  const { describe, orders } = await import('./reconnecting/status.ts')
  expect(describe(orders.connection.value)).toBe('Connecting…')
  const stop = orders.on('message', () => {})
  await events.connected()
  expect(describe(orders.connection.value)).toBe('Live')
  await events.drop()
  expect(describe(orders.connection.value)).toContain('next try at')
  await clock.advance(1_000)
  events.refuse({ status: 404 })
  await events.drop()
  await clock.advance(2_000)
  expect(describe(orders.connection.value)).toContain('Not connected')
  stop()
})

test('the token of the page is fetched at each attempt, and anew when it was refused', async () => {
  const events = serve('/inbox')
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url)
    return new Response(`secret-${asked.length}`)
  })
  events.refuse({ status: 401 })
  const { inbox } = await import('./reconnecting/token.ts')
  const stop = inbox.on('message', () => {})
  await clock.advance(0)
  events.accept()
  inbox.reconnect()
  await events.connected()
  expect(asked).toEqual(['/token', '/token?fresh', '/token?fresh'])
  expect(events.clients[0]?.request.headers.get('authorization')).toBe('Bearer secret-3')
  stop()
})

test('a gap of the page is told, and starts what is counted anew', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue()
  vi.stubGlobal('fetch', async () => new Response('{}'))
  const events = serve('/stock')
  const { sold } = await import('./reconnecting/gaps.ts')
  const stop = sold.subscribe(() => {})
  await events.connected()
  await events.send({ event: 'stock', data: { item: 'a', left: 1 } })
  expect(sold.value).toBe(1)
  await events.sendRaw('event: millrace-reset\ndata: -\n\n')
  expect(sold.value).toBe(0)
  expect(warned).toHaveBeenCalledOnce()
  stop()
})

test('the cursors of the page come from what was rendered, and from the session', async () => {
  document.body.innerHTML = '<main data-last-event-id="17"></main>'
  const { log, news } = await import('./reconnecting/resume.ts')
  const events = serve('/news')
  const stop = news.on('message', () => {})
  await events.connected()
  expect(events.clients[0]?.lastEventId).toBe('17')
  stop()
  const logging = serve('/log')
  const stopLog = log.on('message', () => {})
  await logging.connected()
  await logging.send({ id: '5', data: 'line' })
  await clock.advance(1_000)
  expect(Object.values(sessionStorage)).toEqual(['5'])
  stopLog()
})

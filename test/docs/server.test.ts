import { readFileSync } from 'node:fs'
import { createEventServer } from '@millrace/server'
import type { EventServer } from '@millrace/server'
import { afterEach, expect, test, vi } from 'vitest'

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** What a client hears that asks so, until the server closes. */
async function hear<Data>(
  events: EventServer<Data>,
  path: string,
  headers: Record<string, string>,
): Promise<() => Promise<string>> {
  const response = await events.fetch(new Request(`http://localhost${path}`, { headers }))
  const text = response.text()
  return async () => {
    await events.close()
    return text
  }
}

test('the table of options has every option, in order, and no other', () => {
  const table = read('docs/server.md').split('## Every option')[1] ?? ''
  const told = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
  const source = read('packages/server/src/options.ts')
  expect(told).toEqual([...source.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name))
})

test('the table of refusals has the statuses that the server answers with', () => {
  const table = read('docs/server.md').split('Refusals have a status')[1]?.split('## ')[0] ?? ''
  const told = [...table.matchAll(/^\| (\d+) /gm)].map(([, status]) => status)
  const sources = ['admission', 'reception', 'refusal'].map((name) =>
    read(`packages/server/src/${name}.ts`),
  )
  const code = sources.join('\n').replaceAll(/^ \*.*$/gm, '')
  const answered = [...code.matchAll(/status: (\d{3})/g)].map(([, status]) => status)
  expect(told).toEqual([...new Set(answered)].toSorted())
})

test('the shop of the page serves its orders, and closes', async () => {
  vi.stubEnv('PORT', '0')
  const { serving } = await import('./server/shop.ts')
  const response = await fetch(`${serving.url}/?channel=orders`, {
    headers: { 'last-event-id': 'of-another-run' },
  })
  const text = response.text()
  await serving.close({ retry: 1_000 })
  expect(await text).toMatch(/event: millrace-reset\n.*\nretry: 1000\n\n$/s)
})

test('the users of the page hear what is theirs, can be told and signed out', async () => {
  const { events, notify, present, signOut } = await import('./server/authorize.ts')
  expect((await events.fetch(new Request('http://localhost/'))).status).toBe(401)
  const text = await hear(events, '/?channel=team/blue&channel=team/red', {
    cookie: 'a=b; session=secret',
  })
  expect(present('team/blue')).toEqual(['7'])
  expect(present('team/red')).toEqual([])
  expect(notify('7', 'Hello')).toBe(1)
  expect(notify('8', 'Hello')).toBe(0)
  signOut('7')
  expect(events.sessions.size).toBe(0)
  expect(await text()).toContain('event: notice\ndata: Hello\n\n')
})

test('the replays of the page keep what they say', async () => {
  const { byCount, byAge } = await import('./server/replay.ts')
  for (const events of [byCount, byAge]) {
    const { id = '' } = await events.publish('a', { data: 'seen' })
    await events.publish('a', { data: 'missed' })
    const text = await hear(events, '/?channel=a', { 'last-event-id': id })
    expect(await text()).toMatch(/^data: missed$/m)
  }
})

test('the store of the page replays what was missed, and knows what it does not know', async () => {
  const { arrayReplay } = await import('./server/store.ts')
  const events = createEventServer({ epoch: 'e', replay: arrayReplay() })
  for (const [n, name] of ['a', 'a/b', 'c'].entries()) await events.publish(name, { data: `${n}` })
  await events.broadcast({ data: 'all' })
  const resumed = await hear(events, '/?channel=a', { 'last-event-id': 'e-1' })
  const unknown = await hear(events, '/?channel=a', { 'last-event-id': 'other-1' })
  expect(await resumed()).toMatch(/data: 1\n\nid: e-4\ndata: all\n\n$/)
  expect(await unknown()).toContain('event: millrace-reset\n')
})

test('the limits of the page are kept', async () => {
  const { events } = await import('./server/limits.ts')
  const query = Array.from({ length: 21 }, (_, n) => `channel=${n}`).join('&')
  expect((await events.fetch(new Request(`http://localhost/?${query}`))).status).toBe(400)
  await events.close()
})

test('the server behind a proxy knows its clients, and lets the page in', async () => {
  const { events } = await import('./server/proxy.ts')
  const headers = { 'x-real-ip': '192.0.2.7', origin: 'https://app.example' }
  const response = await events.fetch(new Request('http://localhost/', { headers }))
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example')
  expect([...events.sessions][0]?.remoteAddress).toBe('192.0.2.7')
  await events.close()
})

test('the metrics of the page count', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  const { events, metrics } = await import('./server/metrics.ts')
  const text = await hear(events, '/', {})
  await events.broadcast({ data: 'hello' })
  await new Promise(setImmediate)
  expect(metrics()).toBe(
    'sse_sessions 1\nsse_published_total 1\nsse_delivered_total 1\nsse_dropped_total 0',
  )
  await text()
  expect(log.mock.calls.map(([what]) => String(what))).toEqual(['came', 'went'])
})

test('the admin of the page asks for its password', async () => {
  vi.stubEnv('PORT', '0')
  vi.stubEnv('ADMIN_PASSWORD', 'mill')
  vi.spyOn(console, 'log').mockReturnValue()
  const { serving } = await import('./server/admin.ts')
  const look = async (password: string): Promise<number> => {
    const headers = { authorization: `Basic ${btoa(`ops:${password}`)}` }
    const response = await fetch(`${serving.url}/admin/status.json`, { headers })
    await response.text()
    return response.status
  }
  expect([await look('mill'), await look('race')]).toEqual([200, 401])
  await serving.close()
})

test('the orders of the broker are shipped, and waited for', async () => {
  const { broker, nextOrder, ship } = await import('./server/broker.ts')
  const shipped: number[] = []
  const shipping = ship('eu', async ({ id }) => void shipped.push(id))
  const next = nextOrder()
  broker.publish('orders/us', { id: 1 })
  broker.publish('orders/eu', { id: 2 })
  broker.publish('orders/eu', { id: 3 })
  broker.close()
  await shipping
  expect(shipped).toEqual([2, 3])
  expect(await next).toEqual({ id: 1 })
})

import { fakeEventServer } from '@millrace/testing'
import { createPool, setDefaultPool, eventStream } from 'millrace'
import { shareTabs } from 'millrace/tabs'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'

const page = readFileSync(new URL('../../docs/tabs.md', import.meta.url), 'utf8')

afterEach(() => {
  vi.restoreAllMocks()
})

test('the table of reasons has every reason, as the library explains it', () => {
  const source = readFileSync(
    new URL('../../packages/client/src/connection/sharing.ts', import.meta.url),
    'utf8',
  )
  const told = [...page.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\|$/gm)]
  const said = [...source.matchAll(/^ \* - `([a-z-]+)`: (.+)$/gm)]
  const reasons = said.slice(said.findIndex(([, name]) => name === 'free'))
  expect(told.slice(1).map(([, name, meaning]) => [name, meaning])).toEqual(
    reasons.map(([, name, meaning]) => [name, meaning]),
  )
})

test('a login moves the pool of the page to the connection of that user', async () => {
  const events = fakeEventServer('https://shop.test/events')
  const { tabs } = await import('./tabs/pool.ts')
  const { loggedIn, loggedOut } = await import('./tabs/login.ts')
  const restore = setDefaultPool(createPool({ tabs, fetch: events.fetch }))
  const heard: string[] = []
  const stop = eventStream('https://shop.test/events').on('message', ({ data }) => heard.push(data))
  await events.connected()
  loggedIn({ id: 'ann' })
  await vi.waitFor(() => expect(events.clients.length).toBe(1))
  await events.send({ data: 'for Ann' })
  loggedOut()
  expect(heard).toEqual(['for Ann'])
  stop()
  restore()
})

test('with a key, and no scope, tabs share the inbox of that user', async () => {
  const events = fakeEventServer('https://shop.test/inbox')
  vi.stubGlobal('location', new URL('https://shop.test/'))
  const { inboxOf } = await import('./tabs/inbox.ts')
  const pools = [0, 1].map(() =>
    createPool({ tabs: shareTabs({ scope: undefined }), fetch: events.fetch }),
  )
  const heard: string[] = []
  for (const pool of pools) {
    const restore = setDefaultPool(pool)
    inboxOf('ann').on('message', ({ data }) => heard.push(data))
    restore()
  }
  await events.connected()
  await vi.waitFor(() => {
    expect(pools.map((pool) => pool.connections.value[0]?.status)).toEqual(['open', 'open'])
  })
  expect(events.clients.length).toBe(1)
  await events.send({ data: 'You have mail' })
  await vi.waitFor(() => expect(heard).toEqual(['You have mail', 'You have mail']))
  for (const pool of pools) pool.close()
  vi.unstubAllGlobals()
})

test('the trace says that this tab leads, and why', async () => {
  const debug = vi.spyOn(console, 'debug').mockImplementation(() => {})
  const events = fakeEventServer('https://shop.test/prices')
  const { pool, leads } = await import('./tabs/trace.ts')
  pool.stream('https://shop.test/prices', { fetch: events.fetch }).on('message', () => {})
  await events.connected()
  expect(debug.mock.calls).toEqual([['https://shop.test/prices leads: free']])
  expect(leads()).toBe(true)
  pool.close()
})

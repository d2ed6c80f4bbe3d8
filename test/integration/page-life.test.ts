import { createEventServer, finiteReplay, type EventServer } from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundlePage } from '../environment/bundle-page.ts'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'
import { until } from '../environment/until.ts'

interface Told {
  readonly heard: readonly string[]
  readonly standings: readonly string[]
  readonly restored: boolean
  readonly status: string
}

let browser: Browser
let server: Server
let events: EventServer
let page: Page
let origin: string
/** The cursor that each request for the stream came with. */
let cursors: (string | null)[]

beforeAll(async () => {
  const script = await bundlePage(new URL('page-life/page.ts', import.meta.url))
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://app.test')
    if (url.pathname === '/events') {
      const header = request.headers['last-event-id']
      cursors.push(header === undefined ? url.searchParams.get('lastEventId') : String(header))
      toNodeHandler(events)(request, response)
    } else if (url.pathname === '/page.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    } else {
      const body = url.pathname === '/' ? '<script type="module" src="/page.js"></script>' : 'Other'
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>${body}`)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A name that is not this machine's own, so that being offline matters.
  origin = `http://app.test:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArguments, '--host-resolver-rules=MAP app.test 127.0.0.1'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
})
afterAll(async () => {
  await browser.close()
  server.closeAllConnections()
  server.close()
})
beforeEach(async () => {
  cursors = []
  events = createEventServer({ replay: finiteReplay({ count: 100 }), retry: 1 })
  page = await (await browser.newContext()).newPage()
})
afterEach(async () => {
  await page.context().close()
  await events.close()
})

const told = () => page.evaluate(() => (globalThis as unknown as { told: () => Told }).told())
const connected = () => until(() => events.sessions.size === 1)
const gone = () => until(() => events.sessions.size === 0)

/** What the page tells once this is a fact. */
async function toldOnce(fact: (told: Told) => boolean): Promise<Told> {
  const now = await told()
  return fact(now) ? now : toldOnce(fact)
}
const heardBy = async (count: number) =>
  (await toldOnce(({ heard }) => heard.length >= count)).heard

for (const transport of ['fetch', 'event-source']) {
  test(`over ${transport}, a page in the back/forward cache is frozen, holds nothing open, and misses nothing`, async () => {
    await page.goto(`${origin}/?transport=${transport}`)
    await connected()
    await events.broadcast({ data: 'before' })
    expect(await heardBy(1)).toEqual(['before'])
    await page.goto(`${origin}/other`)
    await gone()
    await events.broadcast({ data: 'meanwhile' })
    // Playwright waits for a load, and a page from the cache loads nothing.
    await page.evaluate(() => history.back())
    await page.waitForURL(/transport/, { waitUntil: 'commit' })
    await connected()
    await events.broadcast({ data: 'after' })
    expect(await heardBy(3)).toEqual(['before', 'meanwhile', 'after'])
    const { restored, standings } = await told()
    expect(restored).toBe(true)
    // The browser freezes what it caches.
    expect(standings).toEqual(expect.arrayContaining(['waiting cached', 'waiting cached frozen']))
    expect(cursors).toHaveLength(2)
  })
}

test('a page that loses the network waits, and is back at once with it', async () => {
  await page.goto(origin)
  await connected()
  await events.broadcast({ data: 'before' })
  expect(await heardBy(1)).toEqual(['before'])
  await page.context().setOffline(true)
  await toldOnce(({ standings }) => standings.at(-1) === 'waiting offline')
  await gone()
  await events.broadcast({ data: 'meanwhile' })
  await page.context().setOffline(false)
  expect(await heardBy(2)).toEqual(['before', 'meanwhile'])
})

test('with a storage, a reload goes on from the cursor', async () => {
  await page.goto(`${origin}/?resume`)
  await connected()
  await events.broadcast({ data: 'before' })
  expect(await heardBy(1)).toEqual(['before'])
  await page.goto(`${origin}/other`)
  await gone()
  await events.broadcast({ data: 'meanwhile' })
  await page.goto(`${origin}/?resume`)
  expect(await heardBy(1)).toEqual(['meanwhile'])
})

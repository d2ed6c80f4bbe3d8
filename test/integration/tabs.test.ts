import { createEventServer, finiteReplay, type EventServer } from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { bundlePage } from '../environment/bundle-page.ts'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'
import { rounds } from '../environment/rounds.ts'
import { until } from '../environment/until.ts'

interface Told {
  readonly heard: readonly string[]
  readonly restored: boolean
  readonly status: string
  readonly role: string | undefined
  readonly because: string | undefined
}
type Shown = { told: () => Told; setScope: (scope: string) => void; hang: (time: number) => void }

let browser: Browser
let server: Server
let events: EventServer
let context: BrowserContext
let port: number
/** Connections that the server was asked for. */
let asked: number
/** How many events were published. */
let published: number

// A browser takes its time on a busy machine.
vi.setConfig({ testTimeout: rounds(60_000, 3_600_000), hookTimeout: 60_000 })

beforeAll(async () => {
  const script = await bundlePage(new URL('tabs/page.ts', import.meta.url))
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://app.test')
    if (pathname === '/events') {
      asked += 1
      toNodeHandler(events)(request, response)
    } else if (pathname === '/page.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    } else {
      const body = pathname === '/' ? '<script type="module" src="/page.js"></script>' : 'Other'
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>${body}`)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ;({ port } = server.address() as AddressInfo)
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
  asked = 0
  published = 0
  events = createEventServer({
    replay: finiteReplay({ count: 100_000 }),
    retry: 1,
    authorize: () => ({}),
  })
  context = await browser.newContext()
})
afterEach(async () => {
  await context.close()
  await events.close()
})

async function open(query = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`http://localhost:${port}/${query}`)
  return page
}

const openMany = async (count: number) =>
  Promise.all(Array.from({ length: count }, async () => open()))

const told = async (page: Page) => page.evaluate(() => (globalThis as unknown as Shown).told())

/** What the page tells once this is a fact. */
async function toldOnce(page: Page, fact: (told: Told) => boolean): Promise<Told> {
  const now = await told(page)
  return fact(now) ? now : toldOnce(page, fact)
}

const isIn = async (page: Page) =>
  toldOnce(page, ({ status, role }) => status === 'open' && role !== undefined)

/** The page that leads, and the others. */
async function parted(pages: readonly Page[]): Promise<{ leader: Page; others: Page[] }> {
  const roles = await Promise.all(pages.map(async (page) => (await isIn(page)).role))
  const [leader, ...more] = pages.filter((_, index) => roles[index] === 'leads')
  if (leader === undefined || more.length > 0) return parted(pages)
  return { leader, others: pages.filter((page) => page !== leader) }
}

async function publish(count = 1): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    published += 1
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await events.broadcast({ data: String(published) })
  }
}

/** Every event that was published since this page came, and each once. */
async function heardAll(page: Page): Promise<void> {
  const { heard } = await toldOnce(page, ({ heard }) => heard.at(-1) === String(published))
  const first = Number(heard[0])
  expect(heard).toEqual(Array.from({ length: heard.length }, (_, index) => String(first + index)))
}

/** Turns of the event loop. */
async function turns(count: number): Promise<void> {
  let left = count
  await until(() => (left -= 1) < 0)
}

/** Publishes without end while something is done. */
async function underStream(run: () => Promise<unknown>): Promise<void> {
  const done = new AbortController()
  const finished = run().finally(() => done.abort())
  while (!done.signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- a thousand a second and more
    await publish()
    // oxlint-disable-next-line no-await-in-loop
    await turns(50)
  }
  await finished
}

for (const transport of ['fetch', 'event-source']) {
  test(`over ${transport}, the tabs of a browser hold one connection, and each hears every event`, async () => {
    const pages = await Promise.all(
      Array.from({ length: 5 }, async () => open(`?transport=${transport}`)),
    )
    await parted(pages)
    expect(events.sessions.size).toBe(1)
    await publish(100)
    await Promise.all(pages.map(heardAll))
    expect(asked).toBe(1)
  })
}

/** What may become of the tab that leads; the result is whether it is still there. */
const fates: Record<string, (leader: Page) => Promise<boolean>> = {
  closes: async (leader) => {
    await leader.close()
    return false
  },
  reloads: async (leader) => {
    await leader.reload()
    return true
  },
  crashes: async (leader) => {
    const session = await context.newCDPSession(leader)
    const crashed = leader.waitForEvent('crash')
    session.send('Page.crash').catch(() => {})
    await crashed
    return false
  },
  'is frozen and thaws': async (leader) => {
    const session = await context.newCDPSession(leader)
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    await until(() => published % 50 === 0)
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    return true
  },
}

for (const [name, meet] of Object.entries(fates)) {
  test(`when the tab that leads ${name} under a stream of events, none is lost and none doubled in any other`, async () => {
    for (let round = 0; round < rounds(1, 100); round += 1) {
      /* oxlint-disable no-await-in-loop -- one round after the other */
      const pages = await openMany(3)
      const { leader, others } = await parted(pages)
      await underStream(async () => {
        await publish(10)
        const stays = await meet(leader)
        if (stays) others.push(leader)
        await parted(others)
        await publish(10)
      })
      await Promise.all(others.map(heardAll))
      await until(() => events.sessions.size === 1)
      await Promise.all(pages.map(async (page) => page.close()))
      /* oxlint-enable no-await-in-loop */
    }
  })
}

test('a tab that hangs while it leads is replaced within a second or so, and says nothing more', async () => {
  const pages = await openMany(3)
  const { leader, others } = await parted(pages)
  await publish(10)
  const hung = leader.evaluate(() => {
    ;(globalThis as unknown as Shown).hang(2_500)
  })
  await publish(10)
  await parted(others)
  await publish(10)
  await Promise.all(others.map(heardAll))
  await hung
  await toldOnce(leader, ({ role }) => role === 'follows')
  await publish(10)
  await Promise.all(pages.map(heardAll))
  await until(() => events.sessions.size === 1)
})

test('tabs of different sessions share nothing, and one that logs in moves over', async () => {
  const [one, two] = await Promise.all([open('?scope=ada'), open('?scope=bob')])
  expect((await isIn(one)).role).toBe('leads')
  expect((await isIn(two)).role).toBe('leads')
  expect(events.sessions.size).toBe(2)
  await two.evaluate(() => {
    ;(globalThis as unknown as Shown).setScope('ada')
  })
  await toldOnce(two, ({ role }) => role === 'follows')
  await until(() => events.sessions.size === 1)
  await publish()
  await Promise.all([one, two].map(heardAll))
})

test.each(['post', 'finite'])('what is asked for once (%s) is never shared', async (how) => {
  const pages = await Promise.all([open(`?once=${how}`), open(`?once=${how}`)])
  await until(() => asked === 2)
  expect(await Promise.all(pages.map(async (page) => (await told(page)).role))).toEqual([
    undefined,
    undefined,
  ])
})

test('a tab in the back/forward cache has let go of all that others might wait for, and joins again when it is shown', async () => {
  const pages = await openMany(2)
  const { leader, others } = await parted(pages)
  const [other] = others as [Page]
  await publish()
  await leader.goto(`http://localhost:${port}/other`)
  await toldOnce(other, ({ role }) => role === 'leads')
  await publish()
  await leader.evaluate(() => history.back())
  await leader.waitForURL(({ pathname }) => pathname === '/', { waitUntil: 'commit' })
  await publish()
  const { restored } = await toldOnce(leader, ({ role }) => role === 'follows')
  expect(restored).toBe(true)
  await Promise.all(pages.map(heardAll))
  expect(events.sessions.size).toBe(1)
})

test('where there are no locks, each tab connects for itself, and the trace says why', async () => {
  const pages = await Promise.all([context.newPage(), context.newPage()])
  // Only pages that came over a safe connection have locks.
  await Promise.all(pages.map(async (page) => page.goto(`http://app.test:${port}/`)))
  const all = await Promise.all(pages.map(isIn))
  expect(all.map(({ role, because }) => [role, because])).toEqual([
    ['alone', 'no-locks'],
    ['alone', 'no-locks'],
  ])
  await until(() => events.sessions.size === 2)
})

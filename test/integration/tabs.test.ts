import type { BrowserContext } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../environment/until.ts'
import { App, isIn, parted, tallyOf, toldOnce, type Place, type Shown } from './tabs/app.ts'

let app: App

// A browser takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

beforeAll(async () => {
  app = await App.start()
})
afterAll(async () => app.stop())
beforeEach(async () => app.begin())
afterEach(async () => app.end())

const openMany = async (count: number, path = '/') =>
  Promise.all(Array.from({ length: count }, async () => app.open(path)))

/** Every event that was published since this page came, and each once. */
async function heardAll(page: Place): Promise<void> {
  await page.evaluate(
    async (number) => (globalThis as unknown as Shown).heard(number),
    app.published,
  )
  const { faults, first, last } = await tallyOf(page)
  expect(last).toBe(app.published)
  expect(faults).toEqual([])
  expect(first).toBe(1)
}

for (const transport of ['fetch', 'event-source']) {
  test(`over ${transport}, the tabs of a browser hold one connection, and each hears every event`, async () => {
    const pages = await openMany(3, `/?transport=${transport}`)
    await parted(pages)
    expect(app.events.sessions.size).toBe(1)
    await app.publish(100)
    await Promise.all(pages.map(heardAll))
    expect(app.asked).toBe(1)
  })
}

test('a tab that hangs while it leads is replaced within a second or so, and says nothing more', async () => {
  const pages = await openMany(3)
  const { leader, others } = await parted(pages)
  await app.publish(10)
  await Promise.all(pages.map(heardAll))
  const hung = leader.evaluate(() => {
    ;(globalThis as unknown as Shown).hang(2_500)
  })
  await app.publish(10)
  await parted(others)
  await app.publish(10)
  await Promise.all(others.map(heardAll))
  await hung
  await toldOnce(leader, { role: 'follows' })
  await app.publish(10)
  await Promise.all(pages.map(heardAll))
  await until(() => app.events.sessions.size === 1)
})

test('tabs of different sessions share nothing, and one that logs in moves over', async () => {
  const [one, two] = await Promise.all([app.open('/?scope=ada'), app.open('/?scope=bob')])
  expect((await isIn(one)).role).toBe('leads')
  expect((await isIn(two)).role).toBe('leads')
  expect(app.events.sessions.size).toBe(2)
  await two.evaluate(() => {
    ;(globalThis as unknown as Shown).setScope('ada')
  })
  await toldOnce(two, { role: 'follows' })
  await until(() => app.events.sessions.size === 1)
  await app.publish()
  await Promise.all([one, two].map(heardAll))
})

test('people who share a browser share no connection: each has his own leader', async () => {
  const another = await app.openWindow()
  const mine = await openMany(2)
  const theirs = [await app.open('/', another), await app.open('/', another)]
  const { leader } = await parted(mine)
  await parted(theirs)
  expect(app.events.sessions.size).toBe(2)
  await app.publish(10)
  await Promise.all([...mine, ...theirs].map(heardAll))
  // What becomes of one's tabs is nothing to the other's.
  await leader.close()
  await parted(mine.filter((page) => page !== leader))
  await app.publish(10)
  await Promise.all(theirs.map(heardAll))
  await until(() => app.events.sessions.size === 2)
})

/** The frame that a page of another site has of the app. */
async function openFrame(context: BrowserContext, sandbox = 'allow-scripts allow-same-origin') {
  const query = new URLSearchParams({ src: app.url(), sandbox })
  const page = await context.newPage()
  await page.goto(app.url(`/frame?${query}`, '127.0.0.1'))
  return page.frames()[1] as Place
}

test('frames in pages of another site share with each other, and not with the tabs of their own', async () => {
  const tab = await app.open('/', app.window)
  const frames = [await openFrame(app.window), await openFrame(app.window)]
  expect((await isIn(tab)).role).toBe('leads')
  await parted(frames)
  await until(() => app.events.sessions.size === 2)
  await app.publish(10)
  await Promise.all([tab, ...frames].map(heardAll))
})

test('frames without an origin connect each for itself, and the trace says why', async () => {
  const frames = [
    await openFrame(app.context, 'allow-scripts'),
    await openFrame(app.context, 'allow-scripts'),
  ]
  const all = await Promise.all(frames.map(isIn))
  expect(all.map(({ role, because }) => [role, because])).toEqual([
    ['alone', 'no-locks'],
    ['alone', 'no-locks'],
  ])
  await until(() => app.events.sessions.size === 2)
  await app.publish(10)
  await Promise.all(frames.map(heardAll))
})

test.each(['post', 'finite'])('what is asked for once (%s) is never shared', async (how) => {
  const pages = await openMany(2, `/?once=${how}`)
  await until(() => app.asked === 2)
  expect(await Promise.all(pages.map(async (page) => (await tallyOf(page)).role))).toEqual([
    undefined,
    undefined,
  ])
})

test('a tab in the back/forward cache has let go of all that others might wait for, and joins again when it is shown', async () => {
  const pages = await openMany(2)
  const { leader, others } = await parted(pages)
  const [other = leader] = others
  await app.publish()
  await Promise.all(pages.map(heardAll))
  await leader.goto(app.url('/other'))
  await toldOnce(other, { role: 'leads' })
  await app.publish()
  await leader.evaluate(() => history.back())
  await leader.waitForURL(({ pathname }) => pathname === '/', { waitUntil: 'commit' })
  await app.publish()
  const { restored } = await toldOnce(leader, { role: 'follows' })
  expect(restored).toBe(1)
  await Promise.all(pages.map(heardAll))
  await until(() => app.events.sessions.size === 1)
})

test('where there are no locks, each tab connects for itself, and the trace says why', async () => {
  const pages = await Promise.all([app.context.newPage(), app.context.newPage()])
  // Only pages that came over a safe connection have locks.
  await Promise.all(pages.map(async (page) => page.goto(app.url('/', 'app.test'))))
  const all = await Promise.all(pages.map(isIn))
  expect(all.map(({ role, because }) => [role, because])).toEqual([
    ['alone', 'no-locks'],
    ['alone', 'no-locks'],
  ])
  await until(() => app.events.sessions.size === 2)
})

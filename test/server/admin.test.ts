import { createEventServer, finiteReplay, systemClock } from '@millrace/server'
import type { Clock, EventServer } from '@millrace/server'
import { createAdmin } from '@millrace/server/admin'
import { serve } from '@millrace/server/node'
import type { Serving } from '@millrace/server/node'
import { chromium } from 'playwright'
import type { Browser, BrowserContext, Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'

let browser: Browser
let context: BrowserContext
let events: EventServer
let serving: Serving
let page: Page
let complaints: string[]
let letIn: boolean

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArguments],
  })
  context = await browser.newContext()
})
afterAll(() => browser.close())

beforeEach(async () => {
  letIn = true
  events = createEventServer({
    replay: finiteReplay({ count: 10 }),
    authorize: (request) => ({ clientId: new URL(request.url).searchParams.get('as') ?? 'nobody' }),
  })
  const admin = createAdmin(events, { authorize: () => letIn, clock: hasty })
  serving = await serve({
    fetch: (request) =>
      (new URL(request.url).pathname.startsWith('/admin') ? admin : events).fetch(request),
    close: async () => {
      await Promise.all([admin.close(), events.close()])
    },
  })
  complaints = []
  page = await context.newPage()
})
afterEach(async () => {
  await page.close()
  await serving.close()
})

// What takes a second takes a fiftieth of one.
const hasty: Clock = {
  ...systemClock,
  setTimeout: (callback, delay) => systemClock.setTimeout(callback, delay / 50),
}

/** A session whose client reads nothing. */
async function join(as: string, query = '', headers: Record<string, string> = {}): Promise<void> {
  const parameters = new URLSearchParams({ as })
  await events.fetch(new Request(`http://localhost/?${parameters}&${query}`, { headers }))
}

async function look(): Promise<void> {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${serving.url}/admin`)
}

const light = (state: string): Promise<void> =>
  page.locator(`.light[data-state=${state}]`).waitFor()
const figure = (name: string, text: string | RegExp): Promise<void> =>
  page.locator(`[data-figure=${name}]`).filter({ hasText: text }).waitFor()
const cell = (name: string | RegExp): Locator => page.getByRole('cell', { name })
const clients = (): Promise<string[]> => page.locator('tbody td:first-child').allTextContents()

test('the page shows figures and sessions, and goes on showing them as they change', async () => {
  await join('ada', 'channel=pets', { 'user-agent': 'a browser' })
  await look()
  await light('live')
  await figure('sessions', /^1$/)
  const table = page.getByRole('table', { name: 'Sessions' })
  await table.getByRole('row').nth(1).getByText('ada').waitFor()
  await events.publish('pets', { data: 'Corgi' })
  await join('bob')
  await figure('published', /^1$/)
  await figure('delivered', /^1$/)
  await figure('replay', /^1$/)
  await figure('sessions', /^2$/)
  await cell('bob').waitFor()
  await cell('a browser').waitFor()
  await cell('broadcasts only').waitFor()
  await page
    .getByText(/^\d+(\.\d)? events\/s$/)
    .first()
    .waitFor()
  for (const session of events.sessions) session.close()
  await page.getByText('Nobody is connected.').waitFor()
  expect(await page.title()).toBe('0 streams')
  expect(complaints).toEqual([])
})

test('what clients have chosen is text and nothing else', async () => {
  const evil =
    '<img src=x onerror="globalThis.pwned = true"><script>globalThis.pwned = true</script>'
  await join(evil, `channel=${encodeURIComponent(evil)}`, { 'user-agent': evil })
  await look()
  await cell(evil).nth(2).waitFor()
  expect(await page.locator('img, tbody script').count()).toBe(0)
  expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
  expect(complaints).toEqual([])
})

test('nothing else can run in the page: neither a script that is put in, nor text made one', async () => {
  await look()
  await light('live')
  const outcome = await page.evaluate(() => {
    try {
      document.body.innerHTML = '<img src=x onerror="globalThis.pwned = true">'
    } catch (error) {
      return (error as Error).name
    }
    return 'done'
  })
  expect(outcome).toBe('TypeError')
  await page.addScriptTag({ content: 'globalThis.pwned = true' }).catch(() => {})
  expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
  expect(complaints.join('\n')).toContain("requires 'TrustedScript'")
})

test('a thousand sessions are read page by page, by keyboard, sorted as asked', async () => {
  for (let n = 0; n < 1_000; n++) await join(`user-${String(n).padStart(3, '0')}`)
  events.sessions.send('user-500', { data: 'one more' })
  await look()
  await page.getByText('Sessions, 1 to 50 of 1,000').waitFor()
  await page.getByText('950 more').waitFor()
  const next = page.getByRole('button', { name: 'Next' })
  await next.focus()
  await page.keyboard.press('Enter')
  await page.getByText('Sessions, 51 to 100 of 1,000').waitFor()
  expect((await clients())[0]).toBe('user-050')

  await page.getByRole('button', { name: 'Sent' }).focus()
  await page.keyboard.press('Enter')
  const sent = page.getByRole('columnheader', { name: 'Sent' })
  expect(await sent.getAttribute('aria-sort')).toBe('descending')
  await page.getByText('Sessions, 1 to 50 of 1,000').waitFor()
  await page.locator('tbody tr:first-child').getByText('user-500').waitFor()
  await page.keyboard.press('Enter')
  expect(await sent.getAttribute('aria-sort')).toBe('ascending')
  expect(await page.locator('[aria-sort]').count()).toBe(1)
  expect(complaints).toEqual([])
})

test('a page of sessions that is no more gives way to the last there is', async () => {
  for (let n = 0; n < 120; n++) await join(`${n}`)
  await look()
  const next = page.getByRole('button', { name: 'Next' })
  await next.click()
  await page.getByText('51 to 100 of 120').waitFor()
  await next.click()
  await page.getByText('101 to 120 of 120').first().waitFor()
  for (const session of [...events.sessions].slice(60)) session.close()
  await page.getByText('51 to 60 of 60').first().waitFor()
  expect(await clients()).toHaveLength(10)
})

test('a pause holds everything still until it is over', async () => {
  await look()
  await light('live')
  const pause = page.getByRole('button', { name: 'Pause' })
  await pause.click()
  expect(await pause.getAttribute('aria-pressed')).toBe('true')
  await light('paused')
  await join('ada')
  await pause.click()
  await light('live')
  await figure('sessions', /^1$/)
})

test('whom the server does not let in any more is told so, and comes back when it does', async () => {
  await page.clock.install()
  await look()
  await light('live')
  letIn = false
  await page.getByRole('button', { name: 'Sent' }).click()
  await page.getByRole('status').filter({ hasText: 'Not let in' }).waitFor()
  letIn = true
  await page.clock.fastForward(5_000)
  await light('live')
  expect(await page.getByRole('status').textContent()).toBe('Live')
})

test('on a phone nothing is cut off, and the table is still one', async () => {
  const long = 'x'.repeat(200)
  await join(long, `channel=${long}`, { 'user-agent': long })
  await page.setViewportSize({ width: 360, height: 740 })
  await look()
  const table = page.getByRole('table', { name: 'Sessions' })
  await table.getByRole('row').nth(1).waitFor()
  expect(await table.getByRole('columnheader').count()).toBe(7)
  expect(await table.getByRole('cell').count()).toBe(7)
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
  ])
  expect(content).toBeLessThanOrEqual(window ?? 0)
})

test('light and dark each have a ground of their own', async () => {
  const grounds: string[] = []
  await look()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor))
  }
  expect(grounds).toEqual(['rgb(234, 240, 240)', 'rgb(9, 18, 20)'])
})

test('who is not let in gets no page at all', async () => {
  letIn = false
  await look()
  expect(await page.textContent('body')).toContain('Cannot show the admin: you are not let in.')
  expect(await page.locator('table').count()).toBe(0)
})

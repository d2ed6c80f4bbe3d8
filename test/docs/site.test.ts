import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSite } from '../../docs/site/site.ts'
import { entriesOf } from '../../docs/site/reference/reference.ts'
import type { Section } from '../../docs/site/search-index.ts'
import { docs } from '../../playground/server/docs.ts'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'
import { rounds } from '../environment/rounds.ts'

const site = buildSite()
const pages = [...site].filter(([name]) => name.endsWith('.html'))
const idsOf = (html: string): Set<string | undefined> =>
  new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))

test('every link of the site leads somewhere, and to its heading', () => {
  const broken: string[] = []
  const ids = new Map([...site].map(([name, text]) => [name, idsOf(text)]))
  for (const [name, html] of pages) {
    for (const [, link = ''] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
      if (/^https?:/.test(link)) continue
      const [file, id] = link.split('#')
      const target = ids.get(file || name)
      const isThere = target !== undefined && (id === undefined || target.has(id))
      if (!isThere) broken.push(`${name}: ${link}`)
    }
  }
  expect(pages.length).toBeGreaterThan(20)
  expect(broken).toEqual([])
})

test('no page has two places of one name', () => {
  for (const [name, html] of pages) {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect([name, ids]).toEqual([name, [...new Set(ids)]])
  }
})

test('every export of every package is in the reference', () => {
  for (const { page, exported } of entriesOf(fileURLToPath(new URL('../..', import.meta.url)))) {
    for (const { name } of exported) {
      expect(site.get(`${page}.html`)).toContain(`<h3 id="${name.toLowerCase()}">`)
    }
  }
})

test('every section can be found, and the index has no code of the page in it', () => {
  const sections = JSON.parse(site.get('search.json') ?? '') as Section[]
  const headings = sections.map(({ heading }) => heading)
  for (const heading of ['Quick start', 'eventStream', 'Who may hear what', 'StreamError']) {
    expect(headings).toContain(heading)
  }
  expect(sections.filter(({ text }) => /<\/?(?:div|span|pre)\b/.test(text))).toEqual([])
  expect(sections.filter(({ text }) => /&#?\w+;/.test(text))).toEqual([])
})

/** How wide each of these pages is in a frame of 360 pixels. */
function widthsAt(names: readonly string[]): Promise<[string, number | undefined][]> {
  return Promise.all(
    names.map(async (name): Promise<[string, number | undefined]> => {
      const frame = document.body.appendChild(document.createElement('iframe'))
      frame.style.cssText = 'width: 360px; height: 740px; border: 0'
      frame.src = name
      await new Promise((resolve) => frame.addEventListener('load', resolve))
      const width = frame.contentDocument?.documentElement.scrollWidth
      frame.remove()
      return [name, width]
    }),
  )
}

describe('in a browser', () => {
  let server: Server
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    const route = docs()
    server = createServer((request, response) => {
      if (!route.handle(request, response)) response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: [...chromiumArguments],
    })
    page = await browser.newPage()
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
  })
  afterAll(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  })

  const open = (path: string) =>
    page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)

  test('no page is wider than a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await open('/docs/index.html')
    // Every fifth will do for every day.
    const names = pages.map(([name]) => name).filter((_, n) => n % rounds(5, 1) === 0)
    expect(await page.evaluate(widthsAt, names)).toEqual(names.map((name) => [name, 360]))
    await page.getByText('Pages', { exact: true }).click()
    await page.locator('.menu').getByRole('link', { name: 'Channels' }).click()
    await page.getByRole('heading', { level: 1, name: 'Channels' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('a word is searched with the keyboard alone', async () => {
    await page.setViewportSize({ width: 1280, height: 800 })
    expect((await open('/docs'))?.url()).toMatch(/\/docs\/$/)
    await page.keyboard.press('/')
    await page.keyboard.type('multiplex')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    const field = page.getByRole('combobox')
    expect(await field.getAttribute('aria-activedescendant')).toBe('found-0')
    await page.keyboard.press('Enter')
    await page.waitForURL(/api-millrace\.html#multiplex$/)
    await field.fill('nothing-of-the-kind')
    await page.getByText('Nothing of that name.').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.locator('#found').isVisible()).toBe(false)
  })

  test('its colours follow the system, and can be changed for good', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.emulateMedia({ colorScheme: 'dark' })
    await open('/docs/errors.html')
    const dark = await ground()
    await page.getByRole('button', { name: /light and dark/ }).click()
    const light = await ground()
    expect(light).not.toBe(dark)
    await page.reload()
    expect(await ground()).toBe(light)
  })

  test('where the playground serves it, there is a way back', async () => {
    await open('/docs/')
    const back = page.getByRole('banner').getByRole('link', { name: 'Playground' })
    expect(await back.getAttribute('href')).toBe('/')
  })

  test('where there is no page, the answer says so', async () => {
    const response = await open('/docs/nothing.html')
    expect(response?.status()).toBe(404)
    expect(await response?.text()).toContain('there is no such page')
  })
})

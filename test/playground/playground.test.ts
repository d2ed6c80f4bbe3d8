import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { channelOf, favourite } from '../../playground/catalogue.ts'
import { createPlayground, type Playground } from '../../playground/server/app.ts'
import { listen } from '../../playground/server/listen.ts'
import type { ServerStatus, Snapshot } from '../../playground/wire.ts'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'

/** The ids of all that the server has published, in order. */
const published: string[] = []
let playground: Playground
let browser: Browser
let url: string
let page: Page
let complaints: string[]

// A browser takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

beforeAll(async () => {
  playground = await createPlayground({ watch: false, onPublish: (id) => published.push(id) })
  await listen(playground.server, { port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(playground.server.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArguments],
  })
})

afterAll(async () => {
  await browser.close()
  await playground.close()
})

beforeEach(async () => {
  complaints = []
  page = await browser.newPage()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  await statusIs('open')
  await noteStatuses()
})

afterEach(() => page.close())

test('a hundred cells, the news and two widgets move on one connection', async () => {
  expect(await page.locator('.cell').count()).toBe(100)
  expect(await page.locator('.news li').count()).toBe(5)
  const watched = await figure('watched').textContent()
  // Three frameworks, each seen to move: React's cells, Svelte's price and the signals' bar.
  await page.locator('.cell [data-flash]').nth(9).waitFor()
  await page.waitForFunction(
    (before) => document.querySelector('[data-figure=watched]')?.textContent !== before,
    watched,
  )
  await page.getByText(/\d+ rising/).waitFor()
  await figureIs('connections', '1')

  const { connections } = await serverStatus()
  expect(connections).toHaveLength(1)
  expect(connections[0]?.open).toBe(1)
  const asked = new URL(connections[0]?.url ?? '', url)
  expect(asked.searchParams.getAll('channel')).toHaveLength(11)
  expect(complaints).toEqual([])
})

test('after a drop the page comes back by itself, with every event exactly once', async () => {
  await received(20)
  await page.getByRole('button', { name: 'Drop connection' }).click()
  await cameBack()
  const { ids, missed, doubled } = await books()
  expect(ids).toEqual(await publishedSince(ids.length))
  expect([missed, doubled]).toEqual(['0', '0'])
  expect((await serverStatus()).connections.map(({ open }) => open)).toEqual([1])
})

test('what is published while the server refuses arrives when it answers again', async () => {
  await page.getByRole('button', { name: 'Stop answers' }).click()
  await statusIs('waiting')
  await figureIs('connections', '0')
  // The server goes on without its reader.
  await page.locator('.figure[data-alarm] [data-figure=behind]').waitFor()
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await statusIs('open')
  const { ids, missed, doubled } = await books()
  expect(ids).toEqual(await publishedSince(ids.length))
  expect([missed, doubled]).toEqual(['0', '0'])
  await figureIs('connections', '1')
})

test('the inspector shows how the connection stands, who holds it, and what happened', async () => {
  await openInspector()
  const connection = table('Connections').getByRole('row', { name: '/events' })
  await connection.getByRole('cell', { name: 'open', exact: true }).waitFor()
  await connection.getByRole('cell', { name: /^[1-9]\d*\.\d$/ }).waitFor()
  await connection.getByRole('cell', { name: /^\d+(\.\d)?KB$/ }).waitFor()
  await connection.getByRole('cell', { name: /^market\/\w+@/ }).waitFor()
  const water = table('Holders').getByRole('row', { name: channelOf('water') })
  expect(await water.textContent()).toContain(`${favourite} × 4`)
  expect(await happened()).toEqual(['opened', 'start'])
  expect(complaints).toEqual([])

  await page.getByRole('button', { name: 'Drop connection' }).click()
  await table('Transitions').getByRole('rowheader', { name: 'opened' }).nth(1).waitFor()
  expect(await happened()).toEqual(['opened', 'due', 'failed', 'opened', 'start'])
  await page.getByLabel('Filter').fill('opened')
  expect(await happened()).toEqual(['opened', 'opened'])
  await page.getByRole('button', { name: 'Clear' }).click()
  await table('Transitions').getByText('Nothing has happened yet.').waitFor()

  await page.getByLabel('Filter').clear()
  await page.getByRole('button', { name: 'Stop answers' }).click()
  const why = 'the server answered with status 503'
  await connection.getByText(why).waitFor()
  await connection.getByRole('cell', { name: /^in \d\.\d s$/ }).waitFor()
  await table('Transitions').getByText(why).first().waitFor()
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await connection.getByRole('cell', { name: 'open', exact: true }).waitFor()
})

/** Opens it as the keyboard does. */
async function openInspector(): Promise<void> {
  await page.getByText('Stream inspector').press('Enter')
}

function table(name: string) {
  return page.getByRole('table', { name })
}

/** What the inspector's log shows, the newest first. */
function happened(): Promise<string[]> {
  return table('Transitions').getByRole('rowheader').allTextContents()
}

/** What the page has in its books, once that is all there was until now and something live. */
async function books(): Promise<{ ids: string[]; missed: string | null; doubled: string | null }> {
  await received(published.length - (await snapshot()).seq + 1)
  await page.getByText(/events, by id/).click()
  const tape = page.locator('[data-event-id]')
  await tape.first().waitFor()
  const newestFirst = await tape.allTextContents()
  return {
    ids: newestFirst.toReversed().map((id) => id.slice(id.indexOf('@') + 1)),
    missed: await figure('missed').textContent(),
    doubled: await figure('doubled').textContent(),
  }
}

/** As many events as that, from the page's snapshot on. */
async function publishedSince(count: number): Promise<string[]> {
  const { seq } = await snapshot()
  return published.slice(seq, seq + count)
}

/** Resolves when the page has received so many events. */
async function received(count: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const text = document.querySelector('[data-figure=received]')?.textContent ?? ''
    return Number(text.replaceAll(',', '')) >= wanted
  }, count)
}

async function snapshot(): Promise<Snapshot> {
  return JSON.parse((await page.locator('#snapshot').textContent()) ?? '') as Snapshot
}

async function serverStatus(): Promise<ServerStatus> {
  return (await (await fetch(`${url}/api/status`)).json()) as ServerStatus
}

function figure(name: string) {
  return page.locator(`[data-figure=${name}]`)
}

async function figureIs(name: string, text: string): Promise<void> {
  await figure(name)
    .filter({ hasText: new RegExp(`^${text}$`) })
    .waitFor()
}

async function statusIs(status: string): Promise<void> {
  await page.locator(`.light[data-status=${status}]`).waitFor()
}

interface Noting {
  readonly statuses: (string | undefined)[]
}

/** Has the page note what its light shows from now on: a busy machine looks away while it waits for half a second. */
async function noteStatuses(): Promise<void> {
  await page.evaluate(() => {
    const light = document.querySelector<HTMLElement>('.light')
    if (light === null) return
    const statuses: Noting['statuses'] = []
    Object.assign(window, { statuses })
    const note = () => statuses.push(light.dataset['status'])
    new MutationObserver(note).observe(light, { attributeFilter: ['data-status'] })
  })
}

/** Resolves when the light has shown a wait, and is open again. */
async function cameBack(): Promise<void> {
  await page.waitForFunction(() => {
    const { statuses } = window as unknown as Noting
    return statuses.includes('waiting') && statuses.at(-1) === 'open'
  })
}

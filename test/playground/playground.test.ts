import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { pageAt, pages, type PagePath } from '../../playground/pages.ts'
import { channelOf, favourite } from '../../playground/wire/catalogue.ts'
import { labFaults } from '../../playground/wire/faults.ts'
import type { Snapshot } from '../../playground/wire/market.ts'
import type { ServerStatus } from '../../playground/wire/server-status.ts'
import { visit, type Visit } from './visit.ts'

let here: Visit
let page: Page

// A browser takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000, expect: { poll: { timeout: 20_000 } } })

beforeAll(async () => {
  here = await visit()
  page = here.page
})

afterAll(() => here[Symbol.asyncDispose]())

/** The pages that read nothing until they are asked to. */
const atRest: ReadonlySet<string> = new Set(['/tokens'])

/** Opens a page, once, and holds it to what is so of all pages, and to facts of its own. */
function describePage(path: PagePath, own: () => void): void {
  describe(`the page ${path}`, () => {
    beforeAll(() => here.open(path))

    test('has a title, a heading and the landmarks', async () => {
      expect(await page.title()).toContain('Millrace playground')
      expect(await page.getByRole('heading', { level: 1 }).allTextContents()).toEqual([
        pageAt(path)?.title,
      ])
      for (const role of ['banner', 'main', 'contentinfo'] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is easier to read where it fails
        expect([role, await page.getByRole(role).count()]).toEqual([role, 1])
      }
      const current = page.getByRole('navigation', { name: 'Pages' }).locator('[aria-current=page]')
      expect(await current.getAttribute('href')).toBe(path)
    })

    test('names whatever the keyboard gets to', async () => {
      await openInspector()
      expect(await namelessControls()).toEqual([])
      await openInspector()
    })

    test('is live, and logs no error and no warning', async () => {
      await statusIs(atRest.has(path) ? 'idle' : 'open')
      expect(here.complaints).toEqual([])
    })

    own()
  })
}

describePage('/', () => {
  test('the keyboard gets past the navigation at once', async () => {
    await here.open('/')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
  })

  test('where there is no page, the server says so, and the way back is there', async () => {
    const response = await page.goto(`${here.url}/nowhere`)
    expect(response?.status()).toBe(404)
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: pages[0].title }).waitFor()
  })
})

describePage('/market', () => {
  test('a hundred cells, the news and two widgets move on one connection', async () => {
    const watched = await figure('watched').textContent()
    expect(await page.locator('.cell').count()).toBe(100)
    expect(await page.locator('.news li').count()).toBe(5)
    // Three frameworks, each seen to move: React's cells, Svelte's price and the signals' bar.
    await page.locator('.cell [data-flash]').nth(9).waitFor()
    await page.waitForFunction(
      (before) => document.querySelector('[data-figure=watched]')?.textContent !== before,
      watched,
    )
    await page.getByText(/\d+ rising/).waitFor()
    await figureIs('connections', '1')

    const { connections } = await serverStatus()
    expect(connections.map(({ open }) => open)).toEqual([1])
    const url = new URL(connections[0]?.url ?? '', here.url)
    expect(url.searchParams.getAll('channel')).toHaveLength(11)
  })

  test('the inspector shows how the connection stands, who holds it, and what happened', async () => {
    await openInspector()
    const connection = table('Connections').getByRole('row', { name: '/market/events' })
    await connection.getByRole('cell', { name: 'open', exact: true }).waitFor()
    await connection.getByRole('cell', { name: /^[1-9]\d*\.\d$/ }).waitFor()
    await connection.getByRole('cell', { name: /^\d+(\.\d)?KB$/ }).waitFor()
    await connection.getByRole('cell', { name: /^market\/\w+@/ }).waitFor()
    const water = table('Holders').getByRole('row', { name: channelOf('water') })
    expect(await water.textContent()).toContain(`${favourite} × 4`)
    expect(await happened()).toEqual(['opened', 'start'])

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
  })

  test('through a drop and a refusal, every event comes exactly once', async () => {
    await statusIs('open')
    await noteStatuses()
    await page.getByRole('button', { name: 'Drop connection' }).click()
    await cameBack()
    await page.getByRole('button', { name: 'Stop answers' }).click()
    await figureIs('connections', '0')
    // The server goes on without its reader.
    await page.locator('.figure[data-alarm] [data-figure=behind]').waitFor()
    await page.getByRole('button', { name: 'Bring it back' }).click()
    await statusIs('open')
    const { ids, missed, doubled } = await books()
    expect(ids).toEqual(publishedFrom(ids[0], ids.length))
    expect([missed, doubled]).toEqual(['0', '0'])
    expect((await serverStatus()).connections.map(({ open }) => open)).toEqual([1])
  })

  test('who goes back finds the page as it was, from the back/forward cache', async () => {
    await page.evaluate(() => Object.assign(window, { seenBefore: true }))
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: pages[0].title }).waitFor()
    await page.evaluate(() => {
      history.back()
    })
    await page.waitForFunction(() => {
      const light = document.querySelector('.light[data-status=open]')
      return window.location.pathname === '/market' && light !== null
    })
    const state = await page.evaluate(() =>
      'seenBefore' in window ? 'as it was' : performance.getEntriesByType('navigation')[0],
    )
    expect(state).toBe('as it was')
    const { ids, missed, doubled } = await books()
    expect(ids).toEqual(publishedFrom(ids[0], ids.length))
    expect([missed, doubled]).toEqual(['0', '0'])
  })
})

describePage('/channels', () => {
  test('one connection asks for what is read, and not for what a parent holds', async () => {
    await expect.poll(asked).toEqual(['1: pets/dogs'])
    await page.getByLabel('petshop', { exact: true }).check()
    await expect.poll(asked).toEqual(['1: pets/dogs petshop'])
    await page.getByLabel('pets', { exact: true }).check()
    await expect.poll(asked).toEqual(['1: pets petshop'])
    await page.getByLabel('petshop', { exact: true }).uncheck()
    await expect.poll(asked).toEqual(['1: pets'])
  })

  test('whoever reads the channel or one above it hears a sighting, once', async () => {
    await page.getByLabel('pets', { exact: true }).check()
    await expect.poll(asked).toEqual(['1: pets'])
    const heard = page.getByRole('log', { name: 'What arrives' })
    await page.getByRole('button', { name: 'Publish to petshop' }).click()
    await page.getByRole('button', { name: 'Publish to pets/dogs/corgis' }).click()
    await heard.getByText('heard by pets/dogs, pets').waitFor()
    expect(await heard.getByText('petshop').count()).toBe(0)
    expect(await figure('doubled').textContent()).toBe('0')
  })
})

describePage('/tokens', () => {
  test('the whole answer is there when it says that it is complete', async () => {
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText(/^Complete: 64 tokens/).waitFor()
    expect(await page.locator('.answer > p').textContent()).toMatch(/^A millrace .* each wheel\.$/)
  })

  test('an answer is complete, or was broken off, and only its reader sends it again', async () => {
    const sent = countRequests('/tokens/answer')
    await page.getByLabel('On the way').selectOption('break')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText(/^Broken off after \d+ tokens/).waitFor()
    expect(sent()).toBe(1)
    await page.getByRole('button', { name: 'Send again' }).first().click()
    await page.getByText('sent 2 times, by you').waitFor()
    await page.getByText(/^Broken off after \d+ tokens/).waitFor()
    expect(sent()).toBe(2)
  })

  test('whoever stops an answer keeps what has come of it', async () => {
    await page.getByLabel('On the way').selectOption('silence')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText('The answer is coming.').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText(/^You stopped it after \d+ tokens/).waitFor()
    expect(await page.locator('.answer > p').first().textContent()).toMatch(/^A millrace/)
  })
})

describePage('/log', () => {
  test('at full speed, and through a drop, no line is missed and React renders once a frame', async () => {
    await received(1_000)
    await page.getByRole('button', { name: 'Drop connection' }).click()
    await received(5_000)
    expect(await figure('missed').textContent()).toBe('0')
    expect(await figure('doubled').textContent()).toBe('0')
    expect(Number(await figure('renders').textContent())).toBeLessThanOrEqual(61)
  })

  test('paused it can be searched, while lines go on being received', async () => {
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByLabel('Filter').first().fill('a branch')
    const rows = page.locator('.rows li')
    const shown = await rows.allTextContents()
    expect(shown.every((text) => text.includes('grate: a branch'))).toBe(true)
    expect(shown.length).toBeLessThan(30)
    const before = await figure('received').textContent()
    await page.waitForFunction(
      (was) => document.querySelector('[data-figure=received]')?.textContent !== was,
      before,
    )
    expect(await rows.allTextContents()).toEqual(shown)
  })
})

describePage('/tabs', () => {
  test('all tabs hold one connection; when the one that leads reloads or hangs, another goes on, and none misses a beat', async () => {
    await page.getByText('This tab leads').waitFor()
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Open another tab' }).click(),
    ])
    await other.getByText('This tab follows').waitFor()
    const open = async () => (await serverStatus('/tabs')).connections[0]?.open
    expect(await open()).toBe(1)
    await received(10)
    await page.reload()
    await other.getByText('This tab leads').waitFor()
    await page.getByText('This tab follows').waitFor()
    const hung = other.getByRole('button', { name: /^Hang/ }).click()
    hung.catch(() => {})
    await page.getByText('This tab leads').waitFor()
    await other.close()
    const before = Number(await figure('received').textContent())
    await received(before + 10)
    expect(await figure('missed').textContent()).toBe('0')
    expect(await figure('doubled').textContent()).toBe('0')
    await expect.poll(open).toBe(1)
  })
})

describePage('/faults', () => {
  test('has a button for each fault, and says what comes of it before it is pressed', async () => {
    for (const { name, server, client } of Object.values(labFaults)) {
      // oxlint-disable-next-line no-await-in-loop -- there is one focus
      await page.getByRole('button', { name, exact: true }).focus()
      // oxlint-disable-next-line no-await-in-loop
      const words = await page.locator('.statement').allInnerTexts()
      expect(words).toEqual([`${name}\n\nThe server ${server}\n\nThe client ${client}`])
    }
  })

  test('a stream that breaks inside an event is back, and nothing is missed', async () => {
    await received(2)
    await page.getByRole('button', { name: labFaults.torn.name }).click()
    await happens('failed')
    await happens('opened')
    await received(4)
    expect(await figure('missed').textContent()).toBe('0')
    expect(await figure('doubled').textContent()).toBe('0')
  })

  test('what the server refuses is closed, with the reason, until it is asked for again', async () => {
    await page.getByRole('button', { name: '404' }).click()
    await statusIs('closed')
    const facts = await page.locator('.facts').innerText()
    expect(facts).toContain('refused')
    expect(facts).toContain('the server answered with status 404')
    await page.getByRole('button', { name: 'Mend it all' }).click()
    await statusIs('open')
  })

  /** Waits until the timeline has this after what was done last. */
  async function happens(what: string): Promise<void> {
    await page.waitForFunction((wanted) => {
      const newestFirst = [...document.querySelectorAll<HTMLElement>('.timeline li')]
      const since = newestFirst.findIndex(({ dataset }) => dataset['kind'] === 'fault')
      return newestFirst.slice(0, since).some(({ innerText }) => innerText.includes(wanted))
    }, what)
  }
})

/** The connections to the channels' server, counted: which channels each asks for. */
async function asked(): Promise<string[]> {
  const { connections } = await serverStatus('/channels')
  return connections.map(({ url, open }) => {
    const { searchParams } = new URL(url, here.url)
    return `${open}: ${searchParams.getAll('channel').toSorted().join(' ')}`
  })
}

/** How many requests for this path the page has made from now on. */
function countRequests(path: string): () => number {
  let count = 0
  page.on('request', (request) => {
    if (request.url() === `${here.url}${path}`) count += 1
  })
  return () => count
}

/** What a screen reader would have to call "button", "link" and so on, and nothing more. */
async function namelessControls(): Promise<string[]> {
  const lines = (await page.locator('body').ariaSnapshot()).split('\n').map((line) => line.trim())
  const control = /^- (button|checkbox|combobox|link|radio|region|searchbox|table|textbox)\b/
  return lines.filter((line) => control.test(line) && !/^- \w+ ["/]/.test(line))
}

/** Opens it, or closes it, as the keyboard does. */
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
  await received(here.published.length - (await snapshot()).seq + 1)
  const tape = page.locator('[data-event-id]')
  if ((await tape.count()) === 0) await page.getByText(/events, by id/).click()
  await tape.first().waitFor()
  const newestFirst = await tape.allTextContents()
  return {
    ids: newestFirst.toReversed().map((id) => id.slice(id.indexOf('@') + 1)),
    missed: await figure('missed').textContent(),
    doubled: await figure('doubled').textContent(),
  }
}

/** What the server published, from this one on, as many. */
function publishedFrom(first: string | undefined, count: number): readonly string[] {
  const start = here.published.indexOf(first ?? '')
  return here.published.slice(start, start + count)
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

async function serverStatus(path = '/market'): Promise<ServerStatus> {
  return (await (await fetch(`${here.url}${path}/status`)).json()) as ServerStatus
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

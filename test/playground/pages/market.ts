import type { Locator } from 'playwright'
import { expect, test } from 'vitest'
import { pages } from '../../../playground/pages.ts'
import { channelOf, favourite } from '../../../playground/wire/catalogue.ts'
import type { Snapshot } from '../../../playground/wire/market.ts'
import type { Visitor } from '../visitor.ts'

/** What is so of the page /market. */
export function marketFacts(visitor: Visitor): void {
  test('a hundred cells, the news and two widgets move on one connection', async () => {
    const { page } = visitor
    const watched = await visitor.figure('watched').textContent()
    expect(await page.locator('.cell').count()).toBe(100)
    expect(await page.locator('.news li').count()).toBe(5)
    // Three frameworks, each seen to move: React's cells, Svelte's price and the signals' bar.
    await page.locator('.cell [data-flash]').nth(9).waitFor()
    await page.waitForFunction(
      (before) => document.querySelector('[data-figure=watched]')?.textContent !== before,
      watched,
    )
    await page.getByText(/\d+ rising/).waitFor()
    await visitor.figureIs('connections', '1')

    const { connections } = await visitor.serverStatus('/market')
    expect(connections.map(({ open }) => open)).toEqual([1])
    const url = new URL(connections[0]?.url ?? '', visitor.visit.url)
    expect(url.searchParams.getAll('channel')).toHaveLength(11)
  })

  test('the inspector shows how the connection stands, who holds it, and what happened', async () => {
    const { page } = visitor
    await visitor.openInspector()
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
    await visitor.openInspector()
  })

  test('through a drop and a refusal, every event comes exactly once', async () => {
    const { page } = visitor
    await visitor.statusIs('open')
    await visitor.noteStatuses()
    await page.getByRole('button', { name: 'Drop connection' }).click()
    await visitor.cameBack()
    await page.getByRole('button', { name: 'Stop answers' }).click()
    await visitor.figureIs('connections', '0')
    // The server goes on without its reader.
    await page.locator('.figure[data-alarm] [data-figure=behind]').waitFor()
    await page.getByRole('button', { name: 'Bring it back' }).click()
    await visitor.statusIs('open')
    await isComplete()
    expect((await visitor.serverStatus('/market')).connections.map(({ open }) => open)).toEqual([1])
  })

  test('who goes back finds the page as it was, from the back/forward cache', async () => {
    const { page } = visitor
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
    await isComplete()
  })

  function table(name: string): Locator {
    return visitor.page.getByRole('table', { name })
  }

  /** What the inspector's log shows, the newest first. */
  function happened(): Promise<string[]> {
    return table('Transitions').getByRole('rowheader').allTextContents()
  }

  /** The page has in its books all that there was until now, and something live: each event exactly once. */
  async function isComplete(): Promise<void> {
    const { page, visit } = visitor
    const { seq } = JSON.parse((await page.locator('#snapshot').textContent()) ?? '') as Snapshot
    await visitor.received(visit.published.length - seq + 1)
    const tape = page.locator('[data-event-id]')
    await page.getByText(/events, by id/).click()
    await tape.first().waitFor()
    const labels = (await tape.allTextContents()).toReversed()
    // Five hundred lines that move are half of a processor's work.
    await page.getByText(/events, by id/).click()
    const ids = labels.map((id) => id.slice(id.indexOf('@') + 1))
    const start = visit.published.indexOf(ids[0] ?? '')
    expect(ids).toEqual(visit.published.slice(start, start + ids.length))
    expect(await visitor.figures('missed', 'doubled')).toEqual(['0', '0'])
  }
}

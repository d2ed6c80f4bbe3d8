import type { Page } from 'playwright'
import { until } from '../../environment/until.ts'
import type { Random } from '../../harness/random.ts'
import type { App, Shown } from './app.ts'

/** What is left of a tab: all of it, a page that begins anew, or nothing. */
type Left = 'itself' | 'a new page' | 'nothing'

/** A tab to which something is to happen. */
interface Victim {
  readonly app: App
  readonly random: Random
  readonly page: Page
  /** Resolves once another tab has the connection, if this was the one that had it. */
  readonly replaced: () => Promise<unknown>
}

type Fate = (victim: Victim) => Promise<Left>

/** Up to as many more events are published. */
async function awhile({ app, random }: Victim, most: number): Promise<void> {
  const enough = app.published + random.below(most)
  await until(() => app.published >= enough)
}

/** What may become of a tab. */
export const fates = {
  closes: async ({ page }) => {
    await page.close()
    return 'nothing'
  },
  reloads: async ({ page }) => {
    await page.reload()
    return 'a new page'
  },
  crashes: async ({ page }) => {
    const session = await page.context().newCDPSession(page)
    const crashed = page.waitForEvent('crash', { timeout: 0 })
    session.send('Page.crash').catch(() => {})
    await crashed
    await page.close()
    return 'nothing'
  },
  freezes: async (victim) => {
    const { page } = victim
    const session = await page.context().newCDPSession(page)
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    await victim.replaced()
    await awhile(victim, 2_000)
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    return 'itself'
  },
  hangs: async ({ page, random }) => {
    await page.evaluate((time) => {
      ;(globalThis as unknown as Shown).hang(time)
    }, random.below(2_000))
    return 'itself'
  },
  'goes, and comes back': async (victim) => {
    const { page, app } = victim
    await page.goto(app.url('/other'))
    await victim.replaced()
    await awhile(victim, 2_000)
    await page.evaluate(() => history.back())
    await page.waitForURL(({ pathname }) => pathname === '/', { waitUntil: 'commit' })
    await page.waitForFunction(() => 'tally' in globalThis)
    const { restored } = await page.evaluate(() => (globalThis as unknown as Shown).tally())
    return restored ? 'itself' : 'a new page'
  },
} satisfies Record<string, Fate>

export type FateName = keyof typeof fates

export const fateNames = Object.keys(fates) as FateName[]

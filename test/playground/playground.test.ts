import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pageAt, type PagePath } from '../../playground/pages.ts'
import { channelsFacts } from './pages/channels.ts'
import { faultsFacts } from './pages/faults.ts'
import { logFacts } from './pages/log.ts'
import { marketFacts } from './pages/market.ts'
import { nowhereFacts } from './pages/nowhere.ts'
import { tabsFacts } from './pages/tabs.ts'
import { tokensFacts } from './pages/tokens.ts'
import { visit, type Visit } from './visit.ts'
import { Visitor } from './visitor.ts'

let here: Visit
/** Goes from page to page in one tab: each further one would start as many processes again. */
const visitor = new Visitor()

beforeAll(async () => {
  here = await visit()
  await visitor.arrive(here)
})

afterAll(() => here[Symbol.asyncDispose]())

/** The pages that read nothing until they are asked to. */
const atRest: ReadonlySet<string> = new Set(['/tokens'])

/** Opens a page, once, and holds it to what is so of all pages, and to facts of its own. */
function describePage(path: PagePath, own: (visitor: Visitor) => void): void {
  describe(`the page ${path}`, () => {
    beforeAll(() => visitor.open(path))

    test('has a title, a heading and the landmarks', async () => {
      const { page } = visitor
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
      await visitor.openInspector()
      expect(await visitor.namelessControls()).toEqual([])
      await visitor.openInspector()
    })

    test('is live, and logs no error and no warning', async () => {
      await visitor.statusIs(atRest.has(path) ? 'idle' : 'open')
      expect(visitor.complaints).toEqual([])
    })

    own(visitor)
  })
}

describePage('/', () => {})
describePage('/market', marketFacts)
describePage('/channels', channelsFacts)
describePage('/tokens', tokensFacts)
describePage('/log', logFacts)
describePage('/tabs', tabsFacts)
describePage('/faults', faultsFacts)

describe('elsewhere', () => {
  nowhereFacts(visitor)
})

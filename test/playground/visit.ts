import type { AddressInfo } from 'node:net'
import { chromium, type Page } from 'playwright'
import { createPlayground, type Playground } from '../../playground/server/app.ts'
import { listen } from '../../playground/server/listen.ts'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'

/** The playground, and one page of a browser to walk about in it. */
export interface Visit extends AsyncDisposable {
  readonly page: Page
  readonly url: string
  readonly playground: Playground
  /** The ids of all that the market has published, in order. */
  readonly published: readonly string[]
  /** The errors and warnings of the page since it was last opened. */
  readonly complaints: readonly string[]
  /** Opens a page, and waits until its streams are open. */
  readonly open: (path: string) => Promise<void>
}

/** Starts the playground and a browser. Who breaks a stream is told to come back at once. */
export async function visit(): Promise<Visit> {
  const published: string[] = []
  const complaints: string[] = []
  const playground = await createPlayground({
    watch: false,
    retry: 20,
    pace: 10,
    onPublish: (id) => published.push(id),
  })
  await listen(playground.server, { port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(playground.server.address() as AddressInfo).port}`
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArguments],
    // As in a browser that nobody drives.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const page = await browser.newPage()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))

  return {
    page,
    url,
    playground,
    published,
    complaints,
    open: async (path) => {
      complaints.length = 0
      await page.goto(`${url}${path}`)
      await page.locator('.light').waitFor()
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close()
      await playground.close()
    },
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumArguments, ensureChromium } from '../../environment/chromium.ts'
import { openPage, type Page } from './page.ts'
import { devtoolsOf } from './pipe.ts'

/** A Chromium that runs. */
export interface Browser {
  /** Opens a page in a tab of its own; `before` runs before anything of the page's. */
  readonly open: (url: string, before?: string) => Promise<Page>
  readonly close: () => Promise<void>
}

// A tab that is not looked at works no slower than one that is.
const flags = [
  '--headless',
  '--remote-debugging-pipe',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
]

/** Starts the Chromium of the tests, with nothing of it watched but what a page is asked for. */
export async function startBrowser(): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  const browser = spawn(
    ensureChromium(),
    [...chromiumArguments, ...flags, `--user-data-dir=${folder}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const call = devtoolsOf(browser)
  return {
    open: (url, before) => openPage(call, url, before),
    close: async () => {
      const gone = once(browser, 'exit')
      await call('Browser.close').catch(() => browser.kill())
      await gone
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Browser } from 'playwright'
import { chromiumArguments, ensureChromium } from '../../environment/chromium.ts'

/** A Chromium with a window as people have them, besides the private ones that Playwright opens. */
export interface RunningBrowser {
  readonly browser: Browser
  readonly close: () => Promise<void>
}

/**
 * Starts a Chromium whose first window is left as it is. Where Playwright starts one, every tab counts as the one that is
 * looked at, for ever: such a tab cannot be frozen, and asking for it does nothing.
 */
export async function startChromium(): Promise<RunningBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-tabs-'))
  const flags = [
    '--headless',
    '--remote-debugging-port=0',
    '--host-resolver-rules=MAP app.test 127.0.0.1',
    `--user-data-dir=${folder}`,
    'about:blank',
  ]
  const child = spawn(ensureChromium(), [...chromiumArguments, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const [, found] = /^DevTools listening on (.*)$/.exec(line) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error('Chromium ended before it could be asked anything.')))
  })
  const browser = await chromium.connectOverCDP(address, { noDefaults: true }).catch((error) => {
    child.kill()
    throw error
  })
  return {
    browser,
    close: async () => {
      const gone = once(child, 'exit')
      // One that is too busy to hear that it is to close, is to close all the same.
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
    },
  }
}

import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type BrowserContext } from 'playwright'
import { createPlayground, type Playground } from '../../playground/server/app.ts'
import { listen } from '../../playground/server/listen.ts'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'

/** The playground, and a browser to walk about in it. */
export interface Visit extends AsyncDisposable {
  readonly url: string
  /** All its tabs have one cache, so that most of a page is there when it is the second. */
  readonly window: BrowserContext
  /** The ids of all that the market has published, in order. */
  readonly published: readonly string[]
}

/** Starts the playground and a browser. Who breaks a stream is told to come back at once. */
export async function visit(): Promise<Visit> {
  const published: string[] = []
  const [playground, browser] = await Promise.all([startPlayground(published), startBrowser()])
  return {
    url: `http://127.0.0.1:${(playground.server.address() as AddressInfo).port}`,
    // Without a graphics card, what moves takes half of what the machine has.
    window: await browser.newContext({ reducedMotion: 'reduce' }),
    published,
    [Symbol.asyncDispose]: async () => {
      await browser.close()
      await playground.close()
    },
  }
}

async function startPlayground(published: string[]): Promise<Playground> {
  const playground = await createPlayground({
    watch: false,
    retry: 20,
    pace: 5,
    beat: 100,
    onPublish: (id) => published.push(id),
  })
  await listen(playground.server, { port: 0, host: '127.0.0.1' })
  return playground
}

function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArguments],
    // As in a browser that nobody drives.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
}

import { createEventServer, finiteReplay, type EventServer } from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright'
import { bundlePage } from '../../environment/bundle-page.ts'
import { startChromium, type RunningBrowser } from './chromium.ts'
import type { Tally } from './page.ts'

const html = (body: string) => `<!doctype html><meta charset="utf-8"><title>Tab</title>${body}`
// Its script is in the page: a request of its own would wait for one of the six connections that a browser has, and a
// page counts as loaded where it fails.
const reading = (script: string) =>
  `<script type="module">${script.replaceAll('</script', String.raw`<\/script`)}</script>`

/** An app of which one opens many tabs: its server, its page, and a browser. */
export class App {
  readonly #browser: RunningBrowser
  readonly #server: Server
  #opened = 0
  /** A private window. */
  context!: BrowserContext
  events!: EventServer
  /** How many requests for the stream there were. */
  asked = 0
  /** How many events were published: each says the how manieth it is. */
  published = 0
  /** The most connections there ever were at a time. */
  most = 0
  /** What tabs came to lead, follow or be alone, when and why. */
  log: string[] = []

  private constructor(browser: RunningBrowser, script: string) {
    this.#browser = browser
    this.#server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://app.test')
      if (pathname === '/events') {
        this.asked += 1
        toNodeHandler(this.events)(request, response)
      } else {
        const frame = `<iframe sandbox="${searchParams.get('sandbox')}" src="${searchParams.get('src')}"></iframe>`
        const bodies: Record<string, string> = { '/': reading(script), '/frame': frame }
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(html(bodies[pathname] ?? 'Other'))
      }
    })
  }

  static async start(): Promise<App> {
    const script = await bundlePage(new URL('page.ts', import.meta.url))
    const app = new App(await startChromium(), script)
    app.#server.listen(0, '127.0.0.1')
    await once(app.#server, 'listening')
    return app
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** A server that has published nothing yet, and a browser that has no tab open. */
  async begin(): Promise<void> {
    this.asked = this.published = this.most = 0
    this.log = []
    this.events = createEventServer({
      replay: finiteReplay({ count: 100_000 }),
      retry: 1,
      cors: true,
      authorize: () => ({}),
      onConnect: () => {
        this.most = Math.max(this.most, this.events.sessions.size)
      },
    })
    this.context = await this.openWindow()
  }

  async end(): Promise<void> {
    const [, ...others] = this.#browser.browser.contexts()
    await Promise.all(others.map(async (context) => context.close()))
    await Promise.all(this.window.pages().map(async (page) => page.close()))
    await this.events.close()
  }

  /** Another private window, which has nothing in common with the first. */
  async openWindow(): Promise<BrowserContext> {
    return this.#browser.browser.newContext()
  }

  /** The window that is not private, in which a tab is hidden while another is looked at. */
  get window(): BrowserContext {
    const [window = this.context] = this.#browser.browser.contexts()
    return window
  }

  url(path = '/', host = 'localhost'): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://${host}:${port}${path}`
  }

  async open(path = '/', context = this.context): Promise<Page> {
    const page = await context.newPage()
    const name = `tab ${(this.#opened += 1)}`
    page.on('console', (message) => this.log.push(`${message.text()}: ${name}`))
    await page.goto(this.url(path))
    return page
  }

  async publish(count = 1): Promise<void> {
    for (let left = count; left > 0; left -= 1) {
      this.published += 1
      // oxlint-disable-next-line no-await-in-loop -- in their order
      await this.events.broadcast({ data: String(this.published) })
    }
  }
}

/** What a tab shows those who test it. */
export interface Shown {
  readonly tally: () => Tally
  readonly told: (facts: Partial<Tally>) => Promise<Tally>
  readonly parted: (role: string | undefined) => Promise<Tally>
  readonly heard: (number: number) => Promise<void>
  readonly setScope: (scope: string) => void
  readonly hang: (milliseconds: number) => void
}

/** A page, or a frame in one. */
export type Place = Pick<Page, 'evaluate'>

export const tallyOf = async (page: Place): Promise<Tally> =>
  page.evaluate(() => (globalThis as unknown as Shown).tally())

/** What the page tells once all of this is so: it waits for that by itself, so that nobody has to ask. */
export const toldOnce = async (page: Place, facts: Partial<Tally>): Promise<Tally> =>
  page.evaluate(async (all) => (globalThis as unknown as Shown).told(all), facts)

export const isIn = async (page: Place): Promise<Tally> => toldOnce(page, { isIn: true })

/** Which of them leads, and the others, once all are in and one leads. */
export async function parted<Some extends Place>(
  places: readonly Some[],
): Promise<{ leader: Some; others: Some[] }> {
  const roles = await Promise.all(places.map(async (place) => (await isIn(place)).role))
  const [leader, ...more] = places.filter((_, index) => roles[index] === 'leads')
  if (leader !== undefined && more.length === 0) {
    return { leader, others: places.filter((place) => place !== leader) }
  }
  // Somebody is on his way to another part.
  const changes = places.map(async (place, index) =>
    place.evaluate(async (role) => (globalThis as unknown as Shown).parted(role), roles[index]),
  )
  await Promise.race(changes)
  return parted(places)
}

// Measures tabs that share a connection, in Chromium: npm run bench:tabs [-- --rounds 5 --only relay --short]
import { createEventServer, finiteReplay, type EventServer } from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startBrowser } from '../browser/browser.ts'
import { buildPage } from '../browser/build.ts'
import type { Page } from '../browser/page.ts'
import { runBench, type Asked } from '../rounds.ts'
import { goalsOf, tableOf, type Outcome } from './report.ts'
import { scenarios, shortScenarios, type Scenario, type TabVariant } from './scenarios.ts'

const HANG = 2_500

const files = await buildPage(new URL('page.ts', import.meta.url))
const browser = await startBrowser()

/** A server of its own, so that runs do not meet: neither its events, nor, in another origin, its tabs. */
async function serve() {
  const events: EventServer = createEventServer({ replay: finiteReplay({ count: 100_000 }) })
  const stream = toNodeHandler(events)
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*/, '')
    const file = files[path]
    if (path === '/events') stream(request, response)
    else response.writeHead(file ? 200 : 404, { 'content-type': file?.type }).end(file?.text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    events,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await events.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Publishes until it is stopped. */
function publish(events: EventServer, { chunk, every }: Scenario): () => void {
  let seq = 0
  const timer = setInterval(() => {
    for (let count = 0; count < chunk; count += 1) {
      seq += 1
      void events.broadcast({ data: String(seq) })
    }
  }, every)
  return () => clearInterval(timer)
}

const isOnce = async (page: Page, fact: string): Promise<void> => {
  if (!(await page.run<boolean>(fact))) await isOnce(page, fact)
}

/** What becomes of the tab that leads. */
const meet: Partial<Record<TabVariant, (leader: Page) => unknown>> = {
  closes: async (leader) => leader.close(),
  crashes: (leader) => leader.crash(),
  freezes: async (leader) => leader.freeze(),
  hangs: (leader) => void leader.run(`hang(${HANG})`),
}

async function measure(
  scenario: Scenario,
  variant: TabVariant,
  { short }: Asked,
): Promise<Outcome> {
  const { events, origin, close } = await serve()
  const pages: Page[] = []
  const open = async () => {
    const page = await browser.open(`${origin}/${variant === 'own' ? '?own' : ''}`)
    pages.push(page)
    await isOnce(page, 'isIn()')
    return page
  }
  const leader = await open()
  const other = variant === 'own' ? leader : await open()
  const stop = publish(events, scenario)
  try {
    const looked = variant === 'leads' ? leader : other
    const hear = (count: number) => looked.run<{ wrong: number; longest: number }>(`hear(${count})`)
    if (!short) await hear(scenario.events / 4)
    const before = await looked.metrics()
    const hearing = hear(scenario.events)
    await meet[variant]?.(leader)
    const { wrong, longest } = await hearing
    const after = await looked.metrics()
    if (wrong > 0) throw new Error(`${variant}: ${wrong} events came out of turn.`)
    return { cpu: ((after.thread - before.thread) / scenario.events) * 100_000, longest }
  } finally {
    stop()
    await Promise.all(pages.map(async (page) => page.close().catch(() => {})))
    await close()
  }
}

try {
  await runBench({
    folder: new URL('./', import.meta.url),
    scenarios,
    shortScenarios,
    measure,
    tableOf,
    goalsOf,
    allIsWell: 'Every tab heard everything, once and in order',
  })
} finally {
  await browser.close()
}

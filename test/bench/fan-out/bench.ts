// Measures many components on one stream, in production React: npm run bench:fan-out [-- --rounds 5 --only burst --short]
import { startBrowser } from '../browser/browser.ts'
import { buildPage } from '../browser/build.ts'
import type { Page } from '../browser/page.ts'
import { runBench, type Asked } from '../rounds.ts'
import { scripted } from '../wire/fixture.ts'
import { startHost } from '../wire/start-host.ts'
import type { Renders, Setting, VariantName } from './page.tsx'
import { goalsOf, tableOf, type Outcome } from './report.ts'
import { scenarios, shortScenarios, type Scenario } from './scenarios.ts'
import { watching } from './watched.ts'

const [host, browser] = await Promise.all([
  buildPage(new URL('page.tsx', import.meta.url)).then(startHost),
  startBrowser(),
])

interface Run {
  readonly page: Page
  readonly scenario: Scenario
  readonly setting: Setting
  readonly asked: Asked
}

type Work = (run: Run) => Promise<Outcome>

const exact: Work = async ({ page, setting, scenario }) => {
  const { renders } = await page.run<Renders>(`fanOut.exactly(${JSON.stringify(setting)})`)
  return { 'renders/event': renders / scenario.stream.events }
}

const read: Work = async ({ page, setting, scenario, asked }) => {
  const { stream } = scenario
  if (!asked.short) await readOnce(page, settingOf(setting, { ...stream, events: 20_000, rate: 0 }))
  await page.collectGarbage()
  const { profile, short } = asked
  const file =
    profile === undefined || short
      ? undefined
      : { folder: profile, name: `${setting.variant}, ${stream.rate}` }
  const { renders, thread } = await page.profiled(file, () => readOnce(page, setting))
  return {
    'CPU, µs/event': (thread / stream.events) * 1_000,
    'renders/event': renders / stream.events,
  }
}

/** Only the reading is measured: they are mounted before, and let go after. */
async function readOnce(
  page: Page,
  setting: Setting,
): Promise<Renders & { readonly thread: number }> {
  await page.run(`fanOut.mount(${JSON.stringify(setting)})`)
  const before = await page.metrics()
  const { renders } = await page.run<Renders>('fanOut.readAll()')
  const after = await page.metrics()
  await page.run('fanOut.unmount()')
  await page.run('fanOut.settled()')
  return { renders, thread: after.thread - before.thread }
}

const mount: Work = async ({ page, setting, asked }) => {
  const cycles = asked.short ? 2 : 20
  const timed = async (expression: string): Promise<number> => {
    const before = await page.metrics()
    await page.run(expression)
    return (await page.metrics()).thread - before.thread
  }
  // What the browser makes of the nodes it makes in its next frame, which comes when it likes, and costs more than the hooks.
  await page.run("document.querySelector('#page').hidden = true")
  // What React keeps from its first time on is not this one's to give back.
  await readOnce(page, setting)
  await readOnce(page, setting)
  const before = await leftIn(page)
  await page.run(`fanOut.mount(${JSON.stringify(setting)})`)
  await page.run('fanOut.readAll()')
  let mounting = 0
  let unmounting = 0
  const file = asked.profile && { folder: asked.profile, name: `${setting.variant}, mount` }
  await page.profiled(file || undefined, async () => {
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      unmounting += await timed('fanOut.unmount()')
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      mounting += await timed('fanOut.remount()')
    }
  })
  await page.run('fanOut.unmount()')
  await page.run('fanOut.settled()')
  const after = await leftIn(page)
  const left = {
    'timers left': after.timers - before.timers,
    'listeners left': after.listeners - before.listeners,
    'nodes left': after.nodes - before.nodes,
  }
  if (Object.values(left).some((count) => count > 0)) {
    throw new Error(`Cannot go on: ${setting.variant} has left ${JSON.stringify(left)}.`)
  }
  return { 'mount, ms': mounting / cycles, 'unmount, ms': unmounting / cycles, ...left }
}

async function leftIn(page: Page): Promise<{ timers: number; listeners: number; nodes: number }> {
  // The first collection lets go of what the second collects.
  await page.collectGarbage()
  await page.collectGarbage()
  const { nodes } = await page.metrics()
  return { ...(await page.run<{ timers: number; listeners: number }>('outstanding()')), nodes }
}

const heap: Work = async ({ page, setting, scenario }) => {
  const few = settingOf(setting, { ...scenario.stream, events: 100_000 })
  const after = async (next: Setting): Promise<number> => {
    await page.run(`fanOut.mount(${JSON.stringify(next)})`)
    await page.run('fanOut.readAll()')
    await page.collectGarbage()
    await page.collectGarbage()
    const { heap } = await page.metrics()
    await page.run('fanOut.unmount()')
    await page.run('fanOut.settled()')
    return heap / 1_000_000
  }
  await after(few)
  const before = await after(few)
  return { 'heap, MB': before, 'growth, MB': (await after(setting)) - before }
}

const works: Readonly<Record<Scenario['kind'], Work>> = { exact, read, mount, heap }

function settingOf(setting: Omit<Setting, 'last' | 'stream'>, stream: Setting['stream']): Setting {
  const last: Record<string, number> = {}
  for (const { type, data } of scripted(stream)) last[type] = (JSON.parse(data) as { n: number }).n
  return { ...setting, stream, last }
}

async function measure(scenario: Scenario, variant: VariantName, asked: Asked): Promise<Outcome> {
  const { components, stream, kind } = scenario
  const page = await browser.open(`${host.origin}/`, kind === 'mount' ? watching : undefined)
  try {
    return await works[kind]({
      page,
      scenario,
      setting: settingOf({ variant, components }, stream),
      asked,
    })
  } finally {
    await page.close()
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
    allIsWell: 'Everyone rendered what was his, and left nothing behind',
  })
} finally {
  await Promise.all([host.close(), browser.close()])
}

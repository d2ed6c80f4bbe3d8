// Measures reading, bytes to listener, in Node and Chromium: npm run bench:reading [-- --rounds 5 --only node --short]
import { once } from 'node:events'
import { startBrowser } from '../browser/browser.ts'
import { buildPage } from '../browser/build.ts'
import { profiling, startChild, told } from '../child.ts'
import { runBench, type Asked } from '../rounds.ts'
import { scripted } from '../wire/fixture.ts'
import { startHost } from '../wire/start-host.ts'
import { pathOf } from '../wire/stream.ts'
import { tallyOf } from '../wire/tally.ts'
import type { ContestantName } from './contestants.ts'
import type { Task } from './read.ts'
import { goalsOf, tableOf } from './report.ts'
import { scenarios, shortScenarios, type Scenario } from './scenarios.ts'

const [host, browser] = await Promise.all([
  buildPage(new URL('page.ts', import.meta.url)).then(startHost),
  startBrowser(),
])

/** Reads it once to warm up, and once more to see what it costs, in milliseconds. */
type Reading = (task: Task, warmUp: number, asked: Asked) => Promise<number>

const inNode: Reading = async (task, warmUp, { profile }) => {
  const flags = ['--experimental-eventsource', '--expose-gc', ...profiling(profile)]
  const file = new URL('node.ts', import.meta.url)
  const reader = startChild(file, { args: [task.variant], flags })
  try {
    if (warmUp > 0) {
      reader.send({ ...task, times: warmUp } satisfies Task)
      await told(reader)
    }
    reader.send(task)
    return await told<number>(reader)
  } finally {
    reader.disconnect()
    await once(reader, 'exit')
  }
}

const inChromium: Reading = async (task, warmUp, { profile }) => {
  const page = await browser.open(`${host.origin}/`)
  const read = (times: number): Promise<void> =>
    page.run(`readTask(${JSON.stringify({ ...task, times })})`)
  try {
    if (warmUp > 0) await read(warmUp)
    await page.collectGarbage()
    const file = profile === undefined ? undefined : { folder: profile, name: task.variant }
    const before = await page.metrics()
    await page.profiled(file, () => read(task.times))
    const after = await page.metrics()
    return after.thread - before.thread
  } finally {
    await page.close()
  }
}

async function measure(
  { place, stream, warmUp, times }: Scenario,
  variant: ContestantName,
  asked: Asked,
): Promise<{ cpu: number }> {
  const expected = tallyOf(scripted(stream))
  const task = { variant, url: `${host.origin}${pathOf(stream)}`, expected, times }
  const used = await (place === 'node' ? inNode : inChromium)(task, warmUp, asked)
  return { cpu: (used / (stream.events * times)) * 100_000 }
}

try {
  await runBench({
    folder: new URL('./', import.meta.url),
    scenarios,
    shortScenarios,
    measure,
    tableOf,
    goalsOf,
    allIsWell: 'Everyone heard everything, once and in order',
  })
} finally {
  await Promise.all([host.close(), browser.close()])
}

// Measures reading, bytes to listener, in Node and Chromium: npm run bench:reading [-- --rounds 5 --only node --short]
import { once } from 'node:events'
import { startBrowser } from '../browser/browser.ts'
import { buildPage } from '../browser/build.ts'
import { profiling, startChild, told } from '../child.ts'
import { runBench, type Asked } from '../rounds.ts'
import { scripted } from '../wire/fixture.ts'
import { startHost } from '../wire/start-host.ts'
import { pathOf, type StreamRequest } from '../wire/stream.ts'
import { tallyOf } from '../wire/tally.ts'
import type { ContestantName } from './contestants.ts'
import type { Task } from './read.ts'
import { goalsOf, tableOf } from './report.ts'
import { scenarios, shortScenarios, type Scenario } from './scenarios.ts'

const [host, browser] = await Promise.all([
  buildPage(new URL('page.ts', import.meta.url)).then(startHost),
  startBrowser(),
])

/** Reads something to warm up, and then what is measured: what that costs, in milliseconds. */
type Reading = (task: Task, warmUp: Task, asked: Asked) => Promise<number>

const inNode: Reading = async (task, warmUp, { profile }) => {
  const flags = ['--experimental-eventsource', ...profiling(profile)]
  const file = new URL('node.ts', import.meta.url)
  const reader = await startChild(file, { args: [task.variant], flags })
  try {
    reader.send(warmUp)
    await told(reader)
    reader.send(task)
    return await told<number>(reader)
  } finally {
    reader.disconnect()
    await once(reader, 'exit')
  }
}

const inChromium: Reading = async (task, warmUp, { profile }) => {
  const page = await browser.open(`${host.origin}/`)
  const read = (what: Task): Promise<void> => page.run(`readTask(${JSON.stringify(what)})`)
  try {
    await read(warmUp)
    const file = profile === undefined ? undefined : { folder: profile, name: task.variant }
    const before = await page.metrics()
    await page.profiled(file, () => read(task))
    const after = await page.metrics()
    return after.thread - before.thread
  } finally {
    await page.close()
  }
}

async function measure(
  { place, stream, times, warmUp }: Scenario,
  variant: ContestantName,
  asked: Asked,
): Promise<{ cpu: number }> {
  const taskOf = (what: StreamRequest, count: number): Task => ({
    variant,
    url: `${host.origin}${pathOf(what)}`,
    expected: tallyOf(scripted(what)),
    times: count,
  })
  const measureIn = place === 'node' ? inNode : inChromium
  const used = await measureIn(taskOf(stream, times), taskOf(warmUp.stream, warmUp.times), asked)
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

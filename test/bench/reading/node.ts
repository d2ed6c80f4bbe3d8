import { once } from 'node:events'
import { read, type Task } from './read.ts'

// A process of its own: one contestant, that reads what it is told, and says what its main thread used for it.

// `@microsoft/fetch-event-source` was made for pages alone.
if (process.argv[2] === 'fetch-event-source') {
  Object.assign(globalThis, { window: globalThis, document: new EventTarget() })
}

process.on('message', (message) => {
  void measure(message as Task)
})

async function measure(task: Task): Promise<void> {
  // Nothing is collected first: that would take along what the warm-up has compiled.
  const before = process.threadCpuUsage()
  await read(task)
  const { user, system } = process.threadCpuUsage(before)
  process.send?.((user + system) / 1_000)
}

await once(process, 'disconnect')
process.exit()

import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { exchange, microseconds } from './control.ts'
import type { Command, Published, Usage } from './control.ts'
import { dataOf } from './fixture.ts'
import { variants, type VariantName } from './variants.ts'

/** Where a host can be reached. */
export interface Ports {
  readonly http: number
  readonly control: number
}

// A process of its own: a server under measurement, told by the client what to publish.
const [name = 'millrace', size = '64'] = process.argv.slice(2)
const { listener, publish } = variants[name as VariantName]()
let published = 0
let waiting = 0

function publishNext(): void {
  publish(dataOf(published, Number(size)))
  published += 1
}

function publishOneByOne(): void {
  publishNext()
  waiting -= 1
  if (waiting > 0) setImmediate(publishOneByOne)
}

function publishAtRate(
  { perSecond, seconds }: Extract<Command, { kind: 'rate' }>,
  onDone: (published: Published) => void,
): void {
  const start = microseconds()
  const times: number[] = []
  const timer = setInterval(() => {
    const due = Math.min(((microseconds() - start) / 1e6) * perSecond, perSecond * seconds)
    while (times.length < Math.floor(due)) {
      times.push(microseconds())
      publishNext()
    }
    if (times.length < perSecond * seconds) return
    clearInterval(timer)
    onDone({ times })
  }, 1)
}

function usage(collect: boolean): Usage {
  if (collect) globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { maxRSS } = process.resourceUsage()
  return { cpu: (user + system) / 1e6, resident: process.memoryUsage.rss(), peak: maxRSS * 1024 }
}

const http = createHttpServer(listener)
const control = createServer((socket) => {
  const tell = exchange(socket, (message) => {
    const command = message as Command
    if (command.kind === 'usage') {
      tell(usage(command.collect))
    } else if (command.kind === 'rate') {
      publishAtRate(command, tell)
    } else if (command.kind === 'burst') {
      for (let n = 0; n < command.count; n += 1) publishNext()
    } else {
      if (waiting === 0) setImmediate(publishOneByOne)
      waiting += command.count
    }
  })
})

await new Promise<void>((resolve) =>
  http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve),
)
await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve))
const ports: Ports = {
  http: (http.address() as AddressInfo).port,
  control: (control.address() as AddressInfo).port,
}
process.send?.(ports)
// Whoever has started it is gone, or wants it to go; a profile is written at the exit.
process.on('disconnect', () => process.exit())

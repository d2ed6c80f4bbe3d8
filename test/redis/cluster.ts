import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { bundleProgram } from '../environment/bundle-program.ts'

/** A server process, as its clients know it. */
export interface Member {
  /** Asks it for a stream, by a request to any address. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Publishes through it; tells what it answered: the id, or the code of the error. */
  readonly publish: (channel: string, data: string) => Promise<{ readonly id: string } | string>
}

interface Running extends Member {
  readonly child: ChildProcess
}

/** Server processes behind one stream. */
export class Cluster {
  readonly #place: readonly string[]
  readonly #members: Running[] = []

  constructor(url: string, key: string) {
    this.#place = [url, key]
  }

  /** The one that so many others precede, round and round; throws where there is none. */
  member(at: number): Member {
    const member = this.#members[at % this.#members.length]
    if (!member) throw new Error('No process is there')
    return member
  }

  async start(): Promise<void> {
    const file = fileURLToPath(await bundleProgram(new URL('server.ts', import.meta.url)))
    const child = spawn(process.execPath, [file, ...this.#place], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface(child.stdout)
    const [port] = (await once(lines, 'line')) as [string]
    const origin = `http://127.0.0.1:${port}`
    this.#members.push({
      child,
      fetch: ({ url, headers, signal }) => {
        const { pathname, search } = new URL(url)
        return fetch(origin + pathname + search, { headers, signal })
      },
      publish: async (channel, data) => {
        const response = await fetch(`${origin}/${channel}`, { method: 'POST', body: data })
        return response.ok ? ((await response.json()) as { id: string }) : response.text()
      },
    })
  }

  /** Ends the oldest process: at once, or after it has closed. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const oldest = this.#members.shift()
    if (!oldest) return
    const exited = once(oldest.child, 'exit')
    oldest.child.kill(signal)
    await exited
  }

  async close(): Promise<void> {
    while (this.#members.length > 0) await this.end('SIGKILL')
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from 'redis'
import { findProgram, installWithApt } from './program.ts'

/** The absolute path of a Redis server, from `PATH`; `undefined` where there is none. */
export function findRedis(): string | undefined {
  return findProgram(['redis-server', 'valkey-server'])
}

/** Finds a Redis server, or installs one through apt where that is possible, and throws where there is no way to one. */
export function ensureRedis(): void {
  if (findRedis() || process.env['REDIS_URL']) return
  if (installWithApt('redis-server', 'the tests of its provider need it.') && findRedis()) return
  throw new Error(
    'Cannot run the tests of the Redis provider: no redis-server was found. Install Redis 6.2 or later, or set REDIS_URL to one that is yours to write to.',
  )
}

/** Whether the tests start Redis themselves, and so may kill it. */
export const redisIsOurs: boolean = findRedis() !== undefined

const clientOf = (url: string) => createClient({ url })
type TestClient = ReturnType<typeof clientOf>

/** A Redis of the test's own. */
export interface TestRedis {
  readonly url: string
  /** A client that is connected, and let go of at the end. */
  readonly client: () => Promise<TestClient>
  /** Kills it, as a crash would: no goodbye, nothing saved. */
  readonly kill: () => Promise<void>
  /** Starts it again after `kill`, with what it had written by then. */
  readonly start: () => Promise<void>
  /** It answers nobody, and loses nothing, until `resume`. */
  readonly pause: () => void
  readonly resume: () => void
  readonly close: () => Promise<void>
}

/**
 * Starts a Redis on a socket of its own; `durable` writes everything down before it answers. Where none is installed,
 * it is the one at `REDIS_URL`, which cannot be killed.
 */
export async function startRedis({ durable = false } = {}): Promise<TestRedis> {
  const clients: TestClient[] = []
  const server = redisIsOurs ? new OwnServer(durable) : new GivenServer()
  await server.start()
  return {
    url: server.url,
    client: async () => {
      const client = clientOf(server.url)
      client.on('error', () => {})
      clients.push(client)
      return client.connect()
    },
    kill: () => server.kill(),
    start: () => server.start(),
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    close: async () => {
      for (const client of clients) client.destroy()
      await server.close()
    },
  }
}

class OwnServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'millrace-redis-'))
  readonly #durable: boolean
  readonly url = `unix://${join(this.#folder, 'socket')}`
  #pid = 0
  #end: (() => Promise<void>) | undefined

  constructor(durable: boolean) {
    this.#durable = durable
  }

  async start(): Promise<void> {
    const append = this.#durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []
    const place = [
      '--port',
      '0',
      '--unixsocket',
      join(this.#folder, 'socket'),
      '--dir',
      this.#folder,
    ]
    const args = [...place, '--save', '', ...append]
    // The shell outlives nobody: when its input ends, whatever ended it, Redis is killed.
    const script = '"$0" "$@" & echo "pid $!"; cat > /dev/null; kill -9 $!; wait'
    const shell = spawn('sh', ['-c', script, findRedis() ?? '', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const exited = once(shell, 'exit')
    this.#end = async () => {
      shell.stdin.end()
      await exited
    }
    this.#pid = 0
    let ready = false
    // Either may come first.
    for await (const line of createInterface(shell.stdout)) {
      const [, pid] = /^pid (\d+)$/.exec(line) ?? []
      if (pid) this.#pid = Number(pid)
      if (/ready to accept connections/i.test(line)) ready = true
      if (ready && this.#pid > 0) break
    }
    if (!ready) throw new Error('Cannot start Redis: it ended. See what it said above.')
    // What it says from here on is nobody's concern, but has to be read.
    shell.stdout.resume()
  }

  async kill(): Promise<void> {
    await this.#end?.()
    this.#end = undefined
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.#pid, signal)
  }

  async close(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

class GivenServer {
  readonly url = process.env['REDIS_URL'] ?? ''
  start = async (): Promise<void> => {}
  kill = (): Promise<never> => Promise.reject(new Error('This Redis is not ours to kill.'))
  signal = (): never => {
    throw new Error('This Redis is not ours to stop.')
  }
  close = async (): Promise<void> => {}
}

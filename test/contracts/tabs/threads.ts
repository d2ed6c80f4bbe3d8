import { MessageChannel, Worker } from 'node:worker_threads'
import { bundleProgram } from '../../environment/bundle-program.ts'
import { Watch } from '../../environment/watch.ts'
import { lendLocks } from './lent-locks.ts'
import type { ThreadData, ThreadNews, ThreadOrder } from './thread.ts'

/** A tab in a thread of its own; the result has yet to find the others. */
export async function startThread(url: string): Promise<TabThread> {
  return new TabThread(url, await bundleProgram(new URL('thread.ts', import.meta.url)))
}

/** A tab in a thread of its own, which may crash, and hang. */
export class TabThread {
  readonly heard: string[] = []
  isIn = false
  role: string | undefined
  hangs = false
  /** Its exit code, once it is gone. */
  exitCode: number | undefined
  readonly #worker: Worker
  readonly #gate = new Int32Array(new SharedArrayBuffer(4))
  readonly #watch = new Watch()

  constructor(url: string, run: URL) {
    const { port1, port2 } = new MessageChannel()
    const gone = lendLocks(port1)
    this.#worker = new Worker(run, {
      execArgv: ['--no-warnings'],
      workerData: { url, locks: port2, gate: this.#gate } satisfies ThreadData,
      transferList: [port2],
    })
    this.#worker.on('message', (news: ThreadNews) => {
      if ('heard' in news) this.heard.push(news.heard)
      else Object.assign(this, news)
      this.#watch.tell()
    })
    this.#worker.on('exit', (code) => {
      this.exitCode = code
      gone()
      this.#watch.tell()
    })
  }

  /** Resolves once this is a fact. */
  async until(fact: (thread: TabThread) => boolean): Promise<void> {
    await this.#watch.until(() => fact(this))
  }

  async crash(): Promise<void> {
    await this.#worker.terminate()
  }

  /** Nothing happens in it until it goes on. */
  async hang(): Promise<void> {
    Atomics.store(this.#gate, 0, 0)
    this.#order('hang')
    await this.until(({ hangs }) => hangs)
  }

  async goOn(): Promise<void> {
    Atomics.store(this.#gate, 0, 1)
    Atomics.notify(this.#gate, 0)
    await this.until(({ hangs }) => !hangs)
  }

  /** Closes its pool; with nothing left to do, the thread ends by itself. */
  async close(): Promise<void> {
    this.#order('close')
    await this.until(({ exitCode }) => exitCode !== undefined)
  }

  #order(order: ThreadOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it has none
    this.#worker.postMessage(order)
  }
}

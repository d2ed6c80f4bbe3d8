import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { borrowLocks } from './lent-locks.ts'
import { Tab } from './tab.ts'

// A thread with one tab in it, which tells what it hears and what its part is, until it is closed: then nothing keeps it.

/** What a thread is given. */
export interface ThreadData {
  readonly url: string
  readonly locks: MessagePort
  /** Zero while it is to hang. */
  readonly gate: Int32Array
}

/** What it is told to do. */
export type ThreadOrder = 'hang' | 'close'

/** What it tells. */
export type ThreadNews =
  | { readonly heard: string }
  | { readonly isIn: boolean; readonly role: string | undefined }
  | { readonly hangs: boolean }

const { url, locks, gate } = workerData as ThreadData
const tab = new Tab({ url, locks: borrowLocks(locks) })
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- it has none
const tell = (news: ThreadNews) => parentPort?.postMessage(news)

tab.stream().on('message', ({ data }) => tell({ heard: data }))
const stop = tab.pool.connections.subscribe(() => {
  queueMicrotask(() => tell({ isIn: tab.isIn, role: tab.role }))
})
parentPort?.on('message', (order: ThreadOrder) => {
  if (order === 'hang') {
    tell({ hangs: true })
    Atomics.wait(gate, 0, 0)
    tell({ hangs: false })
  } else {
    tab.pool.close()
    stop()
    parentPort?.unref()
    locks.unref()
  }
})

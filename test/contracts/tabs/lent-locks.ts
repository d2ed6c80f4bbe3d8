import type { ShareTabsOptions } from 'millrace/tabs'
import type { MessagePort } from 'node:worker_threads'

// The locks of threads are kept in one place, as a browser keeps those of its tabs: Node 24 ends the whole process where
// one thread takes a lock from another, and wakes nobody when a thread that held one is gone.

type Locks = NonNullable<ShareTabsOptions['locks']>

type Asked =
  | {
      readonly what: 'request'
      readonly id: number
      readonly name: string
      readonly steal: boolean
    }
  | { readonly what: 'abort' | 'release' | 'query'; readonly id: number }

interface Answered {
  readonly id: number
  /** It holds the lock, or no more. */
  readonly what: 'granted' | 'refused' | 'queried'
  readonly held?: readonly LockInfo[]
}

/** Who holds which lock. */
const holders = new Map<string, MessagePort>()

/** Has whoever is at the other end of the port take part in this thread's locks; the result is to be called when it is gone. */
export function lendLocks(port: MessagePort): () => void {
  const requests = new Map<number, { readonly release: () => void; readonly abort: () => void }>()
  const answer = (answered: Answered) => port.postMessage(answered)

  function request({ id, name, steal }: Extract<Asked, { what: 'request' }>): void {
    const { promise, resolve: release } = Promise.withResolvers<void>()
    const aborted = new AbortController()
    const options = steal ? { steal } : { signal: aborted.signal }
    requests.set(id, { release, abort: () => aborted.abort() })
    navigator.locks
      .request(name, options, async () => {
        holders.set(name, port)
        answer({ id, what: 'granted' })
        await promise
        if (holders.get(name) === port) holders.delete(name)
      })
      .catch(() => answer({ id, what: 'refused' }))
      .finally(() => requests.delete(id))
  }

  async function query(id: number): Promise<void> {
    const { held = [] } = await navigator.locks.query()
    const clientIdOf = (name = '') => (holders.get(name) === port ? 'this' : 'another')
    answer({
      id,
      what: 'queried',
      held: held.map(({ name = '' }) => ({ name, clientId: clientIdOf(name) })),
    })
  }

  port.on('message', (asked: Asked) => {
    if (asked.what === 'request') request(asked)
    else if (asked.what === 'query') void query(asked.id)
    else requests.get(asked.id)?.[asked.what]()
  })
  return () => {
    for (const { abort, release } of requests.values()) {
      abort()
      release()
    }
    port.close()
  }
}

/** The locks of the thread at the other end. */
export function borrowLocks(port: MessagePort): Locks {
  const waiting = new Map<number, (answered: Answered) => void>()
  let count = 0
  const ask = (asked: Asked) => port.postMessage(asked)
  port.on('message', (answered: Answered) => waiting.get(answered.id)?.(answered))

  async function request(
    name: string,
    { steal = false, signal }: LockOptions,
    callback: LockGrantedCallback<void>,
  ): Promise<void> {
    signal?.throwIfAborted()
    const id = (count += 1)
    return new Promise((resolve, reject) => {
      const run = async () => {
        await Promise.resolve(callback({ name, mode: 'exclusive' }))
        ask({ what: 'release', id })
        resolve()
      }
      waiting.set(id, ({ what }) => {
        if (what === 'granted') run().catch(reject)
        else reject(new DOMException('The lock is not to be had.', 'AbortError'))
      })
      signal?.addEventListener('abort', () => ask({ what: 'abort', id }))
      ask({ what: 'request', id, name, steal })
    })
  }

  async function query(): Promise<LockManagerSnapshot> {
    const id = (count += 1)
    return new Promise((resolve) => {
      waiting.set(id, ({ held = [] }) => resolve({ held: [...held], pending: [] }))
      ask({ what: 'query', id })
    })
  }

  return { request: request as Locks['request'], query }
}

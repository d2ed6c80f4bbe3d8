/** Has something happen in a tab, after what is to happen there by the same name. */
type Later<Tab> = (tab: Tab, lane: string, run: () => void) => void

export interface LockRequest<Tab> {
  readonly tab: Tab
  readonly name: string
  readonly callback: LockGrantedCallback<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** The locks of a browser: https://w3c.github.io/web-locks */
export class FakeLocks<Tab extends { readonly name: string }> {
  readonly #later: Later<Tab>
  readonly #held = new Map<string, LockRequest<Tab>>()
  #waiting: LockRequest<Tab>[] = []

  constructor(later: Later<Tab>) {
    this.#later = later
  }

  /** Those that are held or asked for. */
  get names(): string[] {
    return [...this.#held.keys(), ...this.#waiting.map(({ name }) => name)]
  }

  request(lock: LockRequest<Tab>, { signal, steal }: LockOptions): void {
    signal?.addEventListener('abort', () => {
      if (!this.#waiting.includes(lock)) return
      this.#waiting = this.#waiting.filter((other) => other !== lock)
      lock.reject(signal.reason)
    })
    if (steal) {
      const robbed = this.#held.get(lock.name)
      this.#held.delete(lock.name)
      if (robbed !== undefined) {
        const error = new DOMException('Stolen', 'AbortError')
        this.#later(robbed.tab, 'locks', () => robbed.reject(error))
      }
      this.#waiting.unshift(lock)
    } else {
      this.#waiting.push(lock)
    }
    this.#grant(lock.name)
  }

  query(): LockManagerSnapshot {
    const held = [...this.#held].map(([name, { tab }]) => ({ name, clientId: tab.name }))
    return { held, pending: [] }
  }

  /** A tab is gone, and its locks are free. */
  bury(tab: Tab): void {
    this.#waiting = this.#waiting.filter((lock) => lock.tab !== tab)
    for (const [name, lock] of this.#held) if (lock.tab === tab) this.#release(name)
  }

  #grant(name: string): void {
    const next = this.#waiting.find((lock) => lock.name === name)
    if (next === undefined || this.#held.has(name)) return
    this.#waiting = this.#waiting.filter((lock) => lock !== next)
    this.#held.set(name, next)
    this.#later(next.tab, 'locks', () => {
      const release = (settle: () => void) => {
        if (this.#held.get(name) === next) this.#release(name)
        settle()
      }
      Promise.resolve(next.callback({ name, mode: 'exclusive' })).then(
        (value) => release(() => next.resolve(value)),
        (error: unknown) => release(() => next.reject(error)),
      )
    })
  }

  #release(name: string): void {
    this.#held.delete(name)
    this.#grant(name)
  }
}

import type { Clock } from '../clock.ts'
import { createPool, type Pool } from '../pool.ts'
import type { PoolOptions } from '../options.ts'
import type { Trace } from '../stream/trace.ts'
import type { Link, Transport } from '../transport/transport.ts'
import { FakeChannels, type FakeEnd } from './fake-channels.test.support.ts'
import { FakeLanes } from './fake-lanes.test.support.ts'
import { FakeLocks } from './fake-locks.test.support.ts'
import { FakeConnection, FakeServer } from './fake-server.test.support.ts'
import type { Channels, Locks } from './room.ts'
import { shareTabs, type SharedTabs, type ShareTabsOptions } from './share-tabs.ts'

/** A number from 0 up to 1, the same ones for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    // Mulberry32.
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The tabs of a browser, in one process: what happens in them happens when it is told to, in an order by chance. */
export class FakeBrowser {
  readonly server = new FakeServer<FakeTab>()
  readonly tabs = new Set<FakeTab>()
  readonly random: () => number
  now = 1_000_000
  /** How many milliseconds its clock was set on by, or back. */
  clockSet = 0
  readonly #lanes = new FakeLanes<FakeTab>()
  readonly locks = new FakeLocks<FakeTab>((...task) => this.task(...task))
  readonly channels = new FakeChannels<FakeTab>((...task) => this.task(...task))

  constructor(seed = 1) {
    this.random = randomOf(seed)
  }

  open(options?: TabOptions): FakeTab {
    const tab = new FakeTab(this, options)
    this.tabs.add(tab)
    return tab
  }

  /** Names of the locks that are held or asked for, and of the channels that are open. */
  get leftovers(): string[] {
    return [...this.locks.names, ...this.channels.names]
  }

  task(tab: FakeTab, lane: string, run: () => void): void {
    if (!tab.dead) this.#lanes.add(tab, lane, run)
  }

  forget(tab: FakeTab, lane?: string): void {
    this.#lanes.forget(tab, lane)
  }

  /** Lets one thing happen that can; `false` where nothing can. */
  async step(): Promise<boolean> {
    const run = this.#lanes.take(this.random)
    if (run === undefined) return false
    run()
    await this.settle()
    return true
  }

  /** Lets all happen that can, without time passing. */
  async run(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- one thing happens after the other
    while (await this.step());
  }

  /** What has been promised comes about. */
  async settle(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- promises wait for promises
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve()
  }

  /** Lets time pass, and all happen that can. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds
    await this.settle()
    await this.run()
    for (;;) {
      const due = Math.min(...[...this.tabs].map((tab) => tab.nextTimer))
      if (due > end) break
      this.now = Math.max(this.now, due)
      for (const tab of this.tabs) tab.fireTimers()
      // oxlint-disable-next-line no-await-in-loop -- one thing happens after the other
      await this.run()
    }
    this.now = end
  }

  /** A tab is no more: the browser lets go of what it had. */
  bury(tab: FakeTab): void {
    this.tabs.delete(tab)
    this.forget(tab)
    for (const connection of this.server.connections) {
      if (connection.tab === tab) connection.close()
    }
    this.channels.bury(tab)
    this.locks.bury(tab)
  }
}

export interface TabOptions {
  readonly scope?: string | undefined
  readonly pool?: PoolOptions
  readonly sharing?: Partial<ShareTabsOptions>
  readonly hearsEveryType?: boolean
}

/** A tab with a pool. */
export class FakeTab {
  readonly browser: FakeBrowser
  readonly name: string
  readonly sharing: SharedTabs
  readonly pool: Pool
  readonly hearsEveryType: boolean
  readonly traces: Trace[] = []
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  #count = 0
  frozen = false
  dead = false

  constructor(
    browser: FakeBrowser,
    { pool, sharing, hearsEveryType = true, ...options }: TabOptions = {},
  ) {
    this.browser = browser
    this.hearsEveryType = hearsEveryType
    this.name = `tab ${browser.tabs.size}.${Math.floor(browser.random() * 1e9)}`
    this.sharing = shareTabs({
      scope: 'scope' in options ? options.scope : 'ada',
      locks: this.#locks(),
      BroadcastChannel: this.#channels(),
      ...sharing,
    })
    this.pool = createPool({
      clock: this.#clock(),
      transport: this.#transport(),
      linger: 0,
      tabs: this.sharing,
      onTrace: (trace) => this.traces.push(trace),
      ...pool,
    })
  }

  happens(lane: string, run: () => void): void {
    this.browser.task(this, lane, run)
  }

  forget(lane: string): void {
    this.browser.forget(this, lane)
  }

  /** Nothing happens in it until it thaws. */
  freeze(): void {
    this.frozen = true
  }

  thaw(): void {
    this.frozen = false
  }

  /** It is gone, without a word. */
  crash(): void {
    this.dead = true
    this.#timers.clear()
    this.browser.bury(this)
  }

  get nextTimer(): number {
    return Math.min(...[...this.#timers.values()].map(({ at }) => at))
  }

  get timers(): number {
    return this.#timers.size
  }

  fireTimers(): void {
    const due = [...this.#timers].filter(([, { at }]) => at <= this.browser.now)
    for (const [timer, { run }] of due.toSorted(([, one], [, other]) => one.at - other.at)) {
      this.#timers.delete(timer)
      this.browser.task(this, 'timers', () => {
        if (this.#cleared.delete(timer)) return
        run()
      })
    }
  }

  readonly #cleared = new Set<number>()

  #clock(): Clock {
    return {
      now: () => this.browser.now + this.browser.clockSet,
      setTimeout: (run, delay) => {
        this.#count += 1
        this.#timers.set(this.#count, { at: this.browser.now + delay, run })
        return this.#count
      },
      clearTimeout: (timer) => {
        if (!this.#timers.delete(timer as number)) this.#cleared.add(timer as number)
      },
      random: this.browser.random,
    }
  }

  #transport(): Transport {
    return {
      hearsEveryType: this.hearsEveryType,
      connect: (request, sink, types): Link => {
        const asked = { request, sink, types: [...types] }
        const connection = new FakeConnection<FakeTab>(this.browser.server, this, asked)
        return {
          close: () => connection.close(),
          listen: (wanted) => {
            for (const type of wanted) connection.types.add(type)
          },
        }
      },
    }
  }

  #channels(): Channels {
    // oxlint-disable-next-line typescript/no-this-alias -- the class that follows has a `this` of its own
    const tab = this
    const { channels } = this.browser
    return class extends EventTarget implements FakeEnd<FakeTab> {
      readonly tab = tab
      readonly name: string

      constructor(name: string) {
        super()
        this.name = name
        if (!tab.dead) channels.join(this)
      }

      postMessage(data: unknown): void {
        if (!tab.dead) channels.post(this, data)
      }

      close(): void {
        channels.part(this)
      }
    }
  }

  #locks(): Locks {
    const { locks } = this.browser
    const request = async (
      name: string,
      options: LockOptions,
      callback: LockGrantedCallback<unknown>,
    ): Promise<unknown> => {
      options.signal?.throwIfAborted()
      return new Promise((resolve, reject) => {
        if (!this.dead) locks.request({ tab: this, name, callback, resolve, reject }, options)
      })
    }
    return { request: request as Locks['request'], query: async () => locks.query() }
  }
}

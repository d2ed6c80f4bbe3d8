import { createPool, type Pool, type StreamEvent, type StreamOptions, type Trace } from 'millrace'
import { shareTabs, type SharedTabs, type ShareTabsOptions } from 'millrace/tabs'

export interface TabOptions {
  readonly url: string
  /** Defaults to those of this thread. */
  readonly locks?: ShareTabsOptions['locks']
  readonly BroadcastChannel?: ShareTabsOptions['BroadcastChannel']
  readonly scope?: string | undefined
}

/** What a listener is told. */
export type Heard = Pick<StreamEvent, 'type' | 'data' | 'lastEventId' | 'channel'>

/** A tab: a pool that shares its connections with those of other tabs. */
export class Tab {
  readonly pool: Pool
  readonly sharing: SharedTabs
  readonly traces: Trace[] = []
  readonly #url: string

  constructor({ url, ...options }: TabOptions) {
    const { locks, BroadcastChannel } = options
    const scope = 'scope' in options ? options.scope : 'ada'
    this.#url = url
    this.sharing = shareTabs({ scope, locks, BroadcastChannel })
    this.pool = createPool({
      tabs: this.sharing,
      linger: 0,
      retry: { initialDelay: 1, maxDelay: 5 },
      onTrace: (trace) => this.traces.push(trace),
    })
  }

  stream(options: StreamOptions = {}) {
    return this.pool.stream(this.#url, options)
  }

  /** Listens; what it hears from now on is in the result. */
  hear(type = 'message', options: StreamOptions & { readonly channel?: string } = {}): Heard[] {
    const { channel: name, ...rest } = options
    const stream = this.stream(rest)
    const heard: Heard[] = []
    ;(name === undefined ? stream : stream.channel(name)).on(
      type,
      ({ type, data, lastEventId, channel }) => heard.push({ type, data, lastEventId, channel }),
    )
    return heard
  }

  /** Its part in its only connection. */
  get role(): string | undefined {
    return this.pool.connections.value[0]?.tab
  }

  /** Whether its only connection is open, as a part of what tabs share or not. */
  get isIn(): boolean {
    const [connection] = this.pool.connections.value
    return connection?.status === 'open' && connection.tab !== undefined
  }

  /** The roles it has had, and why. */
  get roles(): string[] {
    return this.traces.flatMap(({ event, because }) => (because ? [`${event} ${because}`] : []))
  }
}

import type { ProviderState } from './provider-state.ts'

/**
 * How much a replay holds.
 *
 * @example
 * const { count, bytes } = events.stats.replay ?? { count: 0, bytes: 0 }
 */
export interface ReplaySize {
  /** Events. */
  readonly count: number
  /** Bytes, as the replay reckons them. */
  readonly bytes: number
}

/**
 * What a server has done since it was made; always up to date, and cheap to read.
 *
 * @example
 * setInterval(() => gauge('sse.delivered', events.stats.delivered), 10_000)
 */
export interface Stats {
  /** When the server was made, in milliseconds since the epoch. */
  readonly startedAt: number
  /** Events that the provider handed over: from this process or, where processes share a provider, from any of them. */
  readonly published: number
  /** Events written to sessions, each counted for each session, replays and private events included. */
  readonly delivered: number
  /** Of those, how many at most were given up unread, with the sessions that were let go. */
  readonly dropped: number
  /** What the replay holds; `undefined` where there is none, where it has failed, or where it does not tell. */
  readonly replay: ReplaySize | undefined
  /** What the provider tells of itself; `undefined` where it tells nothing. */
  readonly provider: ProviderState | undefined
}

/** The counters behind the stats: one per server, added to as events pass. */
export interface Tally {
  published: number
  delivered: number
  dropped: number
}

/** What the stats are read from. */
export interface StatsSources {
  readonly startedAt: number
  readonly tally: Tally
  readonly replaySize: () => ReplaySize | undefined
  readonly provider: { readonly state?: ProviderState | undefined }
}

/** The stats of a server; an object whose members are read when they are asked for. */
export function createStats({ startedAt, tally, replaySize, provider }: StatsSources): Stats {
  return {
    startedAt,
    get published() {
      return tally.published
    },
    get delivered() {
      return tally.delivered
    },
    get dropped() {
      return tally.dropped
    },
    get replay() {
      return replaySize()
    },
    get provider() {
      return provider.state
    },
  }
}

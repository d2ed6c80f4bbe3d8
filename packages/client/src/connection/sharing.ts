import type { Clock } from '../clock.ts'
import type { RawEvent } from '../event.ts'
import type { Transport } from '../transport/transport.ts'
import type { ConnectionState } from './snapshot.ts'

/**
 * Has the tabs of a browser share their connections: what `shareTabs()` of `millrace/tabs` makes.
 *
 * @example
 * createPool({ tabs: shareTabs({ scope: user.id }) })
 */
export interface TabSharing {
  /** Takes a feed in: what it is given is its part in what tabs share. */
  readonly join: (feed: SharedFeed, request: SharedRequest) => TabMember
}

/**
 * How a tab takes part in a connection:
 *
 * - `leads`: it holds the connection, and relays it to the others
 * - `follows`: another tab holds the connection
 * - `alone`: it holds a connection that no other tab has part in
 *
 * @example
 * const leads = pool.connections.value.some(({ tab }) => tab === 'leads')
 */
export type TabRole = 'leads' | 'follows' | 'alone'

/**
 * Why a tab has its role:
 *
 * - `free`: no other tab held the connection
 * - `left`: the tab that held it is gone, or has let go of it
 * - `silent`: the tab that held it answers no more
 * - `taken`: another tab holds it
 * - `robbed`: another tab took it, because this one did not answer
 * - `no-scope`: the request may show who asks, and neither `scope` nor `key` says who that is
 * - `no-locks`: there are no Web Locks here, or they may not be used
 * - `no-channel`: there is no `BroadcastChannel` here
 * - `unheard`: another tab holds it, and what it says does not arrive
 *
 * @example
 * createPool({ tabs, onTrace: ({ because, url }) => because === 'no-scope' && console.warn('Not shared:', url) })
 */
export type TabReason =
  | 'free'
  | 'left'
  | 'silent'
  | 'taken'
  | 'robbed'
  | 'no-scope'
  | 'no-locks'
  | 'no-channel'
  | 'unheard'

/**
 * The request of a connection, and what it is made of.
 *
 * @example
 * const byUser: TabSharing = {
 *   join: (feed, request) => (request.options.credentials === 'omit' ? everybody : mine).join(feed, request),
 * }
 */
export interface SharedRequest {
  /** Equal for requests that ask for the same. */
  readonly request: string
  /** The stream's own URL, where it is known beforehand. */
  readonly url: URL | undefined
  /** The channels that its URL is for, where each has a connection of its own. */
  readonly channels: readonly string[]
  /** By which transport it goes. */
  readonly over: 'fetch' | 'event-source' | Transport
  /** What makes its URL, and whether one connection is for every channel in use. */
  readonly scheme: {
    readonly shared: unknown
    readonly url: (url: URL, channels: readonly string[], added: readonly string[]) => URL
  }
  /** What of the options may make the answer depend on who asks. */
  readonly options: {
    readonly key?: string | undefined
    readonly credentials: NonNullable<RequestInit['credentials']>
    readonly transport: unknown
    readonly headers?: unknown
    readonly fetch?: unknown
    readonly EventSource?: unknown
  }
}

/**
 * A feed that tabs share, with those of its parts that matter to them.
 *
 * @example
 * const told: TabSharing = {
 *   join: (feed, request) => (console.debug(request.url, feed.options.transport), tabs.join(feed, request)),
 * }
 */
export interface SharedFeed {
  /** How it would connect by itself, and what it goes by. */
  readonly options: { readonly transport: Transport; readonly clock: Clock }
  /** Its connection: there is one as soon as the feed has been taken in. */
  readonly connection: {
    /** The cursor. */
    readonly lastEventId: string
    /** Has the first attempt start here, or the `next`, where there is no cursor. */
    readonly seed: (lastEventId: string, next: boolean) => void
    /** Somebody in another tab wants it. */
    readonly start: () => void
    /** Somebody in another tab wants a fresh attempt. */
    readonly restart: () => void
  }
  /** Who reads it here. */
  readonly readers: {
    /** The event types that are read, by name, or with `'*'` for `all`. */
    readonly types: (all: boolean) => ReadonlySet<string>
    /** How many read each channel. */
    readonly channels: ReadonlyMap<string, number>
    /** Has each event, from before it was read here, be the last of its type and channels, wherever it `may`. */
    readonly remind: (
      came: readonly { readonly event: RawEvent; readonly channels: readonly string[] }[],
      may: (place: SharedPlace, event: RawEvent) => boolean,
    ) => void
  }
  /** The channels that its connection asks for, where it is for every channel in use. */
  readonly channels:
    | {
        /** Those that the newest attempt asked for. */
        readonly asked: readonly string[]
        /** Those that the attempt in use asked for. */
        readonly heard: readonly string[]
        /** More may be read: these are, whatever the server said of them before. */
        readonly grow: (...channels: string[]) => void
        /** Less may be read. */
        readonly shrink: () => void
      }
    | undefined
  /** The channels of an event that came by this URL; none where it is for everyone. */
  readonly channelsOf: (event: RawEvent, url: string) => readonly string[]
  /** This tab has another role, or none any more. */
  readonly onRole: (role?: TabRole, because?: TabReason) => void
}

/** The readers of one event type and one channel. */
interface SharedPlace {
  readonly last: { readonly raw: RawEvent } | undefined
}

/**
 * A feed's part in what tabs share.
 *
 * @example
 * const member: TabMember = shareTabs({ scope: user.id }).join(feed, request)
 * const link = member.transport.connect(attempt, sink, feed.readers.types(true))
 */
export interface TabMember {
  /** Has a connection of its own, or another tab's. */
  readonly transport: Transport
  /** The channels that other tabs read of this one's connection. */
  readonly channels: () => readonly string[]
  /** Hands what the connection brought to the other tabs; gives what is for this one, as long as it is. */
  readonly relay: (events: readonly RawEvent[], url: string) => Iterable<RawEvent>
  /** An event of this size was left out. */
  readonly skipped: (size: number) => void
  /** An attempt is open, and the one in use; whether it `isBehind` what has come by the one before. */
  readonly opened: (isBehind: boolean) => void
  /** One that was behind has come as far as the one before. */
  readonly caughtUp: () => void
  /** How the connection stands, at each transition. */
  readonly stands: (state: ConnectionState) => void
  /** Other types are read. */
  readonly reads: () => void
  /** Somebody new wants it. */
  readonly hurry: () => void
  /** The next attempt is to be a fresh one, wherever the connection is. */
  readonly refresh: () => void
}

import type { Clock } from '../clock.ts'
import type { SharedFeed, TabReason, TabRole } from '../connection/sharing.ts'
import type { RawEvent } from '../event.ts'
import type { Transport } from '../transport/transport.ts'
import type { Came } from './came.ts'

/** What a tab has to do with its feed. */
export interface TabFeed {
  /** How it would connect by itself. */
  readonly transport: Transport
  /** What it goes by. */
  readonly clock: Clock
  /** The cursor. */
  readonly lastEventId: () => string
  /** Has the next attempt start here, where there is no cursor. */
  readonly seed: (lastEventId: string) => void
  /** The event types that are read here, `'*'` for all. */
  readonly types: () => ReadonlySet<string>
  /** The channels that are read here. */
  readonly channels: () => ReadonlySet<string>
  /** The channels that the newest attempt asked for. */
  readonly asked: () => readonly string[]
  /** The channels that the attempt in use asked for. */
  readonly heard: () => readonly string[]
  /** The channels of an event that came by this URL; none where it is for everyone. */
  readonly channelsOf: (event: RawEvent, url: string) => readonly string[]
  /**
   * Takes events from before they were read here, the newest first, with the URLs that they came by: what a late `latest`
   * shows. What is known here stays, unless it is `outdated`.
   */
  readonly recall: (came: readonly Came[], outdated: boolean) => void
  /** Other tabs read other channels: these are new. */
  readonly regroup: (more: Iterable<string>) => void
  /** Somebody in another tab wants it. */
  readonly start: () => void
  /** Somebody in another tab wants a fresh attempt. */
  readonly restart: () => void
  /** This tab has another role, or none any more. */
  readonly onRole: (role?: TabRole, because?: TabReason) => void
}

export function tabFeed(feed: SharedFeed): TabFeed {
  const { transport, clock } = feed.options
  return {
    transport,
    clock,
    lastEventId: () => feed.connection.lastEventId,
    seed: (lastEventId) => feed.connection.seed(lastEventId, true),
    types: () => feed.readers.types(transport.hearsEveryType),
    channels: () => new Set(feed.readers.channels.keys()),
    asked: () => feed.channels?.asked ?? [],
    heard: () => feed.channels?.heard ?? [],
    channelsOf: (event, url) => feed.channelsOf(event, url),
    recall: (came, outdated) => recall(feed, came, outdated),
    regroup: (more) => {
      feed.channels?.grow(...more)
      feed.channels?.shrink()
    },
    start: () => feed.connection.start(),
    restart: () => feed.connection.restart(),
    onRole: (role, because) => feed.onRole(role, because),
  }
}

function recall(feed: SharedFeed, came: readonly Came[], outdated: boolean): void {
  const events = came.map(({ event, url }) => ({ event, channels: feed.channelsOf(event, url) }))
  const done = new Set<object>()
  feed.readers.remind(events, (place, event) => {
    const { last } = place
    const isNewest = !done.has(place)
    done.add(place)
    return isNewest && (last === undefined || (outdated && differs(last.raw, event)))
  })
}

function differs(one: RawEvent, other: RawEvent): boolean {
  return one.id !== other.id || one.type !== other.type || one.data !== other.data
}

import type { EventServer } from '../event-server.ts'
import type { ProviderState } from '../provider-state.ts'
import type { Session } from '../session.ts'
import type { ReplaySize } from '../stats.ts'
import type { SortKey, View } from './view.ts'

/**
 * What an admin looks at: an event server, whatever it knows of its sessions.
 *
 * @example
 * const watched: Watched = createEventServer()
 */
export type Watched = Pick<EventServer<unknown>, 'sessions' | 'stats'>

/**
 * How a server stands; times are milliseconds since the epoch.
 *
 * @example
 * const status: AdminStatus = await (await fetch('/admin/status.json')).json()
 */
export interface AdminStatus {
  /** When this was so. */
  readonly at: number
  /** When the server was made. */
  readonly startedAt: number
  /** Milliseconds since then. */
  readonly uptime: number
  /** Events that were published, as in `events.stats`. */
  readonly published: number
  /** Events that were written to sessions: each as often as it had listeners. */
  readonly delivered: number
  /** Events that sessions had not taken when they were let go. */
  readonly dropped: number
  /** What the replay holds; `null` where it is not known. */
  readonly replay: ReplaySize | null
  /** How the provider stands; `null` where it does not tell. */
  readonly provider: AdminProvider | null
  /** The sessions that are looked at. */
  readonly sessions: AdminSessions
}

/**
 * How the provider stands, as JSON has it.
 *
 * @example
 * const healthy = ({ status }: AdminProvider) => status === 'ready'
 */
export interface AdminProvider extends Omit<ProviderState, 'error'> {
  /** Why it is away; `null` where it is not. */
  readonly error: string | null
}

/**
 * A page of the sessions.
 *
 * @example
 * const rest = ({ total, offset, items }: AdminSessions) => total - offset - items.length
 */
export interface AdminSessions {
  /** How many there are. */
  readonly total: number
  /** How many come before the first of these. */
  readonly offset: number
  /** These. */
  readonly items: readonly AdminSession[]
}

/**
 * A session as an admin sees it: without its URL, which may hold secrets. All that is text in it, its client has chosen.
 *
 * @example
 * const stuck = ({ backlog }: AdminSession) => backlog > 0
 */
export interface AdminSession {
  /** Random, of this session alone. */
  readonly id: string
  /** Who it is, as `authorize` has said; `null` where it has not. */
  readonly clientId: string | null
  /** The first 20 of the channels it hears. */
  readonly channels: readonly string[]
  /** How many it hears. */
  readonly channelCount: number
  /** From where it came; `null` where that is not known. */
  readonly remoteAddress: string | null
  /** Its `User-Agent`; `null` where it said none. */
  readonly userAgent: string | null
  /** When it came. */
  readonly connectedAt: number
  /** Events written to it. */
  readonly sent: number
  /** Bytes it has not taken yet. */
  readonly backlog: number
}

const MAX_CHANNELS = 20

/** How a server stands now, with those of its sessions that are looked at. */
export function statusOf({ sessions, stats }: Watched, view: View, now: number): AdminStatus {
  const { startedAt, published, delivered, dropped, replay, provider } = stats
  return {
    at: now,
    startedAt,
    uptime: now - startedAt,
    published,
    delivered,
    dropped,
    replay: replay ?? null,
    provider: provider ? { ...provider, error: provider.error?.message ?? null } : null,
    sessions: {
      total: sessions.size,
      offset: view.offset,
      items: looked(sessions, view).map(sessionOf),
    },
  }
}

function sessionOf(session: Session): AdminSession {
  const { id, clientId, channels, remoteAddress, userAgent, connectedAt, sent, backlog } = session
  return {
    id,
    clientId: clientId ?? null,
    channels: channels.slice(0, MAX_CHANNELS),
    channelCount: channels.length,
    remoteAddress: remoteAddress ?? null,
    userAgent: userAgent ?? null,
    connectedAt,
    sent,
    backlog,
  }
}

function looked(sessions: Iterable<Session>, { offset, limit, sort, descending }: View): Session[] {
  // They come in the order in which they came.
  const all = sort === 'connectedAt' ? [...sessions] : [...sessions].toSorted(by(sort))
  if (descending) all.reverse()
  return all.slice(offset, offset + limit)
}

function by(key: SortKey): (a: Session, b: Session) => number {
  return (a, b) => {
    const [one, other] = [rank(a, key), rank(b, key)]
    return one < other ? -1 : one > other ? 1 : 0
  }
}

function rank(session: Session, key: SortKey): string | number {
  return key === 'channels' ? session.channels.join() : (session[key] ?? '')
}

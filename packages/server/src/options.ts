import type { Authorize } from './admission.ts'
import type { ChannelsOf } from './channel.ts'
import type { Clock } from './clock.ts'
import type { CorsOptions } from './cors.ts'
import type { ServerEvent } from './encode.ts'
import type { EventServerError } from './error.ts'
import type { Flush } from './fan-out.ts'
import type { KeepAliveOptions } from './keep-alive.ts'
import type { Labels } from './label.ts'
import type { Replay } from './log/replay.ts'
import type { UnknownIdPolicy } from './log/resume.ts'
import type { Provider } from './provider.ts'
import type { DisconnectReason, Session } from './session.ts'

/**
 * Everything that can be said about an event server; each option may be left out.
 *
 * @example
 * const options: EventServerOptions = { retry: 3_000, keepAlive: { interval: 10_000 } }
 */
export interface EventServerOptions<Data = undefined> {
  /**
   * What a resuming client is sent first. Defaults to the provider's own; this process alone has none: then who has
   * missed something is told so, by `onUnknownId`.
   */
  readonly replay?: Replay
  /** For ids that are unknown or expired: where there is no replay, all that are not up to date. Defaults to `'reset'`. */
  readonly onUnknownId?: UnknownIdPolicy
  /** The query parameter of the cursor, for clients without the header. Defaults to `lastEventId`. */
  readonly lastEventIdParam?: string
  /**
   * `'auto'` gives an id to each event without one, `'manual'` to none: then a new stream is not told where the order
   * stands, and who comes back before the first id resumes nothing. Defaults to `'auto'`. A `provider` of your own gives
   * ids as it likes: say `'manual'` here if it gives none.
   */
  readonly ids?: 'auto' | 'manual'
  /** Marks the automatic ids of this run; not empty. Defaults to a random one. Unused with a `provider` of your own. */
  readonly epoch?: string
  /** Which ids are `channel@id`. Defaults to `'auto'`: those whose channel a session could not tell. */
  readonly labels?: Labels
  /** A comment, or an event, after that much silence; or `false`. Defaults to the comment `keepalive` after 15,000 ms. */
  readonly keepAlive?: KeepAliveOptions | false
  /** Milliseconds clients wait before they reconnect, sent at the head of each stream. Defaults to nothing sent. */
  readonly retry?: number
  /** Response headers besides the usual ones, or instead of them. */
  readonly headers?: HeadersInit | ((request: Request) => HeadersInit)
  /** Lets browsers of other origins in; `true` is any origin without credentials. Defaults to `false`. */
  readonly cors?: CorsOptions | boolean
  /** Refuses a request, or admits it and says what it may hear. Defaults to all but the root. */
  readonly authorize?: Authorize<Data>
  /**
   * From where a request comes, for `session.remoteAddress`. Defaults to the peer of the socket, where the Node adapter
   * saw it; behind a proxy that is the proxy, so read the header that yours sets.
   */
  readonly remoteAddress?: (request: Request) => string | undefined
  /** The channels a request asks for; what it throws is a 500. Defaults to `byQuery('channel')`. */
  readonly channels?: ChannelsOf
  /** Writes an event. Where there is a `replay` it gets a structured clone of `data`. Defaults to `encodeEvent`. */
  readonly encode?: (event: ServerEvent) => string
  /** A session has come, its head and replay are on their way. */
  readonly onConnect?: (session: Session<Data>, request: Request) => void | Promise<void>
  /** A session has ended. */
  readonly onDisconnect?: (session: Session<Data>, reason: DisconnectReason) => void
  /** Once per publish, before encoding: gives the event to send, at once, or `null` for none. No channels: a broadcast. */
  readonly beforeSend?: (event: ServerEvent, channels: readonly string[]) => ServerEvent | null
  /** Once per flush; what it publishes goes out in a later turn of the event loop. */
  readonly onSend?: (flush: Flush) => void
  /** Whatever goes wrong, rejected publishes included. Defaults to `console.error`. */
  readonly onError?: (error: EventServerError) => void | Promise<void>
  /** Bytes a client may leave unread before its session is closed. Defaults to 1 MiB. */
  readonly maxBacklog?: number
  /** Sessions at a time; more get a 503. Defaults to no bound. */
  readonly maxSessions?: number
  /** Sessions at a time of one `clientId`; more get a 429. Defaults to no bound. */
  readonly maxSessionsPerClient?: number
  /** Different channels a request may ask for; more get a 400. Defaults to 100. */
  readonly maxChannels?: number
  /** How a publish reaches every process. Defaults to this process alone. Closed with this server. */
  readonly provider?: Provider
  /** Time. Defaults to the machine's. */
  readonly clock?: Clock
}

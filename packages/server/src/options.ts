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

// Not `HeadersInit`, which Node's own types do not have.
type ResponseHeaders = NonNullable<ResponseInit['headers']>

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
   *
   * @example
   * createEventServer({ replay: finiteReplay({ count: 1_000 }) })
   */
  readonly replay?: Replay
  /**
   * For ids that are unknown or expired: where there is no replay, all that are not up to date. Defaults to `'reset'`.
   *
   * @example
   * createEventServer({ replay: finiteReplay({ count: 1_000 }), onUnknownId: 'all' })
   */
  readonly onUnknownId?: UnknownIdPolicy
  /**
   * The query parameter of the cursor, for clients without the header. Defaults to `lastEventId`.
   *
   * @example
   * createEventServer({ lastEventIdParam: 'since' }) // /events?since=17
   */
  readonly lastEventIdParam?: string
  /**
   * `'auto'` gives an id to each event without one, `'manual'` to none: then a new stream is not told where the order
   * stands, and who comes back before the first id resumes nothing. Defaults to `'auto'`. A `provider` of your own gives
   * ids as it likes: say `'manual'` here if it gives none.
   *
   * @example
   * createEventServer({ ids: 'manual' })
   */
  readonly ids?: 'auto' | 'manual'
  /**
   * Marks the automatic ids of this run; not empty. Defaults to a random one. Unused with a `provider` of your own.
   *
   * @example
   * createEventServer({ epoch: 'test' }) // ids are test-1, test-2, …
   */
  readonly epoch?: string
  /**
   * Which ids are `channel@id`. Defaults to `'auto'`: those whose channel a session could not tell.
   *
   * @example
   * createEventServer({ labels: false }) // plain ids for everyone
   */
  readonly labels?: Labels
  /**
   * A comment, or an event, after that much silence; or `false`. Defaults to the comment `keepalive` after 15,000 ms.
   *
   * @example
   * createEventServer({ keepAlive: { interval: 10_000, comment: 'still here' } })
   */
  readonly keepAlive?: KeepAliveOptions | false
  /**
   * Milliseconds clients wait before they reconnect, sent at the head of each stream. Defaults to nothing sent.
   *
   * @example
   * createEventServer({ retry: 3_000 })
   */
  readonly retry?: number
  /**
   * Response headers besides the usual ones, or instead of them. Defaults to none.
   *
   * @example
   * createEventServer({ headers: { 'x-served-by': hostname() } })
   */
  readonly headers?: ResponseHeaders | ((request: Request) => ResponseHeaders)
  /**
   * Lets browsers of other origins in; `true` is any origin without credentials. Defaults to `false`.
   *
   * @example
   * createEventServer({ cors: { origin: ['https://app.example'], credentials: true } })
   */
  readonly cors?: CorsOptions | boolean
  /**
   * Refuses a request, or admits it and says what it may hear. Defaults to all but the root.
   *
   * It may take its time: who leaves meanwhile, or finds the server closing, is not kept waiting for it. `request.signal`
   * tells it of the first.
   *
   * @example
   * createEventServer({ authorize: (request) => (isKnown(request) ? {} : new Response(null, { status: 401 })) })
   */
  readonly authorize?: Authorize<Data>
  /**
   * From where a request comes, for `session.remoteAddress`. Defaults to the peer of the socket, where the Node adapter
   * saw it; behind a proxy that is the proxy, so read the header that yours sets.
   *
   * @example
   * createEventServer({ remoteAddress: (request) => request.headers.get('x-real-ip') ?? undefined })
   */
  readonly remoteAddress?: (request: Request) => string | undefined
  /**
   * The channels a request asks for; what it throws is a 500. Defaults to `byQuery('channel')`.
   *
   * @example
   * createEventServer({ channels: byPath('/subscribe') }) // /subscribe/pets/dogs
   */
  readonly channels?: ChannelsOf
  /**
   * Writes an event. Where there is a `replay` it gets a structured clone of `data`. Defaults to `encodeEvent`.
   *
   * @example
   * createEventServer({ encode: (event) => encodeEvent({ ...event, data: compact(event.data) }) })
   */
  readonly encode?: (event: ServerEvent) => string
  /**
   * A session has come, its head and replay are on their way. Defaults to none.
   *
   * @example
   * createEventServer({ onConnect: (session) => session.send({ event: 'hello', data: session.id }) })
   */
  readonly onConnect?: (session: Session<Data>, request: Request) => void | Promise<void>
  /**
   * A session has ended. Defaults to none.
   *
   * @example
   * createEventServer({ onDisconnect: ({ clientId }, reason) => console.log(clientId, reason) })
   */
  readonly onDisconnect?: (session: Session<Data>, reason: DisconnectReason) => void
  /**
   * Once per publish, before encoding: gives the event to send, at once, or `null` for none. No channels: a broadcast.
   * Defaults to none.
   *
   * @example
   * createEventServer({ beforeSend: (event) => (event.event === 'debug' ? null : event) })
   */
  readonly beforeSend?: (event: ServerEvent, channels: readonly string[]) => ServerEvent | null
  /**
   * Once per flush; what it publishes goes out in a later turn of the event loop. Defaults to none.
   *
   * @example
   * createEventServer({ onSend: ({ sessions, bytes }) => metrics.add(sessions, bytes) })
   */
  readonly onSend?: (flush: Flush) => void
  /**
   * Whatever goes wrong, rejected publishes included. Defaults to `console.error`.
   *
   * @example
   * createEventServer({ onError: ({ code, message }) => logger.error(code, message) })
   */
  readonly onError?: (error: EventServerError) => void | Promise<void>
  /**
   * Bytes a client may leave unread before its session is closed. Defaults to 1 MiB.
   *
   * @example
   * createEventServer({ maxBacklog: 256 * 1024 })
   */
  readonly maxBacklog?: number
  /**
   * Sessions at a time; more get a 503. Defaults to no bound.
   *
   * @example
   * createEventServer({ maxSessions: 10_000 })
   */
  readonly maxSessions?: number
  /**
   * Sessions at a time of one `clientId`; more get a 429. Defaults to no bound.
   *
   * @example
   * createEventServer({ maxSessionsPerClient: 10, authorize: (request) => ({ clientId: userOf(request)?.id ?? 'guest' }) })
   */
  readonly maxSessionsPerClient?: number
  /**
   * Different channels a request may ask for; more get a 400. Defaults to 100.
   *
   * @example
   * createEventServer({ maxChannels: 20 })
   */
  readonly maxChannels?: number
  /**
   * How a publish reaches every process. Defaults to this process alone. Closed with this server.
   *
   * @example
   * createEventServer({ provider: redisProvider({ client: createClient(), key: 'shop:events' }) })
   */
  readonly provider?: Provider
  /**
   * Time. Defaults to the machine's.
   *
   * @example
   * createEventServer({ clock: { ...systemClock, now: () => 0 } })
   */
  readonly clock?: Clock
}

import { systemClock, type Clock } from './clock.ts'
import { DEFAULT_LINGER } from './connection/holders.ts'
import {
  absoluteUrl,
  methodOf,
  requestKey,
  resolveRequest,
  type RequestOptions,
} from './connection/request.ts'
import { defaultRetryPolicy, type RetryPolicy } from './connection/retry.ts'
import type { StreamError } from './errors.ts'
import { queryChannel, type ChannelScheme } from './stream/channel.ts'
import { Feed, type MakeRequest } from './stream/feed.ts'
import { Feeds } from './stream/feeds.ts'
import {
  Handle,
  type AnyEvents,
  type EventMap,
  type FeedSource,
  type Stream,
} from './stream/stream.ts'
import { chooseTransport } from './transport/choose.ts'
import { eventSourceTransport, type EventSourceClass } from './transport/event-source.ts'
import { fetchTransport } from './transport/fetch.ts'
import type { Transport } from './transport/transport.ts'

/** How streams are obtained: said for a whole pool, or for one stream. */
export interface ConnectOptions {
  /** `'auto'` (the default) chooses by the request; or name one, or bring your own. */
  readonly transport?: 'auto' | 'fetch' | 'event-source' | Transport | undefined
  /** The `fetch` to call. Defaults to the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The `EventSource` class to use. Defaults to the global one. */
  readonly EventSource?: EventSourceClass | undefined
  /** How channels become requests. Defaults to `queryChannel()`. */
  readonly channels?: ChannelScheme | undefined
  /** When to try again; what is left out keeps its default. */
  readonly retry?: Partial<RetryPolicy> | undefined
  /** Milliseconds for which a connection outlives its last holder. Defaults to `1_000`. */
  readonly linger?: number | undefined
  /** Defaults to the machine's time. */
  readonly clock?: Clock | undefined
  /** Hears of payloads that do not decode. */
  readonly onError?: ((error: StreamError) => void) | undefined
}

export type PoolOptions = ConnectOptions

export interface StreamOptions<Events extends EventMap = AnyEvents>
  extends ConnectOptions, RequestOptions {
  /** A decoder for each event type; without it, every type may come, and every payload is a string. */
  readonly events?: Events | undefined
  /** The cursor to start from: the last event id of the snapshot that the page was rendered with. */
  readonly initialLastEventId?: string | undefined
}

/** The connections of a page: one for each request, however many read it. */
export interface Pool {
  /**
   * A handle on a stream; it opens nothing.
   *
   * @example
   * const trades = pool.stream('/events', { events: { tick: json<Tick>() } })
   */
  readonly stream: <Events extends EventMap = AnyEvents>(
    url: string | URL,
    options?: StreamOptions<Events>,
  ) => Stream<Events>
  /** Ends every connection; to read in it afterwards is an error. */
  readonly close: () => void
  readonly [Symbol.dispose]: () => void
}

/** What a handle needs of its pool. */
interface PoolParts {
  readonly feeds: Feeds
  readonly options: PoolOptions
}

const partsOf = new WeakMap<Pool, PoolParts>()

/**
 * Makes a pool. Most apps need none of their own: a handle without one takes the default pool.
 *
 * @example
 * const pool = createPool({ linger: 5_000 })
 * const trades = pool.stream('/events')
 */
export function createPool(options: PoolOptions = {}): Pool {
  const feeds = new Feeds()
  const pool: Pool = {
    stream: (url, streamOptions) => streamIn(() => pool, url, streamOptions),
    close: () => {
      feeds.close()
    },
    [Symbol.dispose]: () => {
      feeds.close()
    },
  }
  partsOf.set(pool, { feeds, options })
  return pool
}

/** A handle whose pool is looked for when it is first held. */
export function streamIn<Events extends EventMap = AnyEvents>(
  find: () => Pool,
  url: string | URL,
  options: StreamOptions<Events> = {},
): Stream<Events> {
  let own: Sharing | undefined
  // Looking (a status light) does not settle the pool; reading does.
  const sharing = (reading: boolean): Sharing => {
    const found = own ?? sharingOf(find(), url, options)
    if (reading) own = found
    return found
  }
  const source: FeedSource = {
    read: (channel, reader, last) => {
      const { feeds, options: merged, target } = sharing(true)
      const { key, make, place, request } = target(channel)
      const fail = (error: StreamError) => {
        if (reader.fail(error)) merged.onError?.(error)
      }
      return feeds.open(key, make).read({ ...reader, channel: place, fail }, { request, last })
    },
    find: (channel) => {
      const { feeds, target } = sharing(false)
      try {
        return feeds.find(target(channel).key)
      } catch {
        // A relative URL where there is no page (a server render): nobody can read it, so nobody does.
        return undefined
      }
    },
  }
  return new Handle<Events>(options.events, source)
}

/** What one handle does with its pool. */
interface Sharing {
  readonly feeds: Feeds
  readonly options: StreamOptions<EventMap>
  readonly target: (channel: string) => Target
}

interface Target {
  readonly key: string
  /** Which part of the feed: empty for all of it. */
  readonly place: string
  readonly request: MakeRequest
  readonly make: (onReleased: () => void) => Feed
}

function sharingOf(pool: Pool, url: string | URL, options: StreamOptions<EventMap>): Sharing {
  const parts = partsOf.get(pool)
  if (parts === undefined)
    throw new TypeError('Cannot use this pool: createPool() did not make it.')
  const merged = { ...parts.options, ...defined(options) }
  const targets = new Map<string, Target>()
  return {
    feeds: parts.feeds,
    options: merged,
    target: (channel) => {
      let target = targets.get(channel)
      if (target === undefined) targets.set(channel, (target = targetOf(url, channel, merged)))
      return target
    },
  }
}

function targetOf(
  relative: string | URL,
  channel: string,
  options: StreamOptions<EventMap>,
): Target {
  const scheme = options.channels ?? queryChannel()
  const whole = absoluteUrl(relative)
  const url = scheme.shared || channel === '' ? whole : scheme.url(whole, [channel])
  return {
    key: `${scheme.shared ? 'shared' : ''} ${requestKey(url, options)}`,
    place: scheme.shared ? channel : '',
    request: (channels, lastEventId) =>
      resolveRequest(channels.length === 0 ? url : scheme.url(url, channels), options, lastEventId),
    make: (onReleased) =>
      new Feed({
        transport: transportFor(url, options),
        scheme,
        retry: { ...defaultRetryPolicy, ...defined(options.retry ?? {}) },
        clock: options.clock ?? systemClock,
        linger: options.linger ?? DEFAULT_LINGER,
        initialLastEventId: options.initialLastEventId ?? '',
        onReleased,
      }),
  }
}

function transportFor(url: URL, options: ConnectOptions & RequestOptions): Transport {
  const { transport = 'auto', fetch, EventSource } = options
  if (typeof transport === 'object') return transport
  const { location } = globalThis as { location?: Location }
  const chosen =
    transport === 'auto'
      ? chooseTransport({
          url,
          origin: location?.origin,
          method: methodOf(options),
          custom: options.headers !== undefined || options.body !== undefined,
          hasEventSource: EventSource !== undefined || 'EventSource' in globalThis,
        })
      : transport
  return chosen === 'fetch' ? fetchTransport({ fetch }) : eventSourceTransport({ EventSource })
}

/** Without what is `undefined`: an option that is not given must not hide the pool's, or a default. */
function defined<Options extends object>(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Options
}

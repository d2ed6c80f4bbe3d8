import { signal, untracked } from '@preact/signals-core'
import { systemClock, type Clock } from './clock.ts'
import { DEFAULT_LINGER } from './connection/holders.ts'
import {
  absoluteUrl,
  checkRequest,
  identity,
  methodOf,
  requestKey,
  resolveRequest,
  type RequestOptions,
} from './connection/request.ts'
import { defaultRetryPolicy, type RetryPolicy } from './connection/retry.ts'
import { StreamError } from './errors.ts'
import { queryChannel, type ChannelScheme } from './stream/channel.ts'
import { Feed, type MakeRequest } from './stream/feed.ts'
import { Feeds } from './stream/feeds.ts'
import { createHandle, type FeedSource } from './stream/handle.ts'
import type { AnyEvents, EventMap, Stream } from './stream/stream.ts'
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
  /** Ends every connection, whoever reads it. Who reads afterwards, reads anew. */
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
  const settled = signal<Sharing | undefined>(undefined)
  let seen: Sharing | undefined

  // Looking (a status light) does not settle the pool; reading does.
  function look(): Sharing {
    if (settled.value !== undefined) return settled.value
    const pool = find()
    if (seen?.pool !== pool) seen = sharingOf(pool, url, options)
    return seen
  }
  const source: FeedSource = {
    read: (channel, reader, last) =>
      // An effect that reads a stream is not to run again because the pool has another feed.
      untracked(() => {
        const sharing = look()
        const { key, place, request, make } = sharing.target(channel)
        const placed = { ...reader, channel: place, onError: sharing.options.onError }
        const stop = sharing.feeds.read(key, make, (feed) => feed.read(placed, request, last))
        settled.value = sharing
        return stop
      }),
    find: (channel) => {
      const { feeds, target } = look()
      try {
        return feeds.find(target(channel).key)
      } catch {
        // A relative URL where there is no page (a server render): nobody can read it, so nobody does.
        return undefined
      }
    },
  }
  return createHandle<Events>(options.events, source)
}

/** What one handle does with its pool. */
interface Sharing {
  readonly pool: Pool
  readonly feeds: Feeds
  readonly options: StreamOptions<EventMap>
  readonly target: (channel: string) => Target
}

/** What one channel of a handle reads. */
interface Target {
  readonly key: string
  /** Which part of the feed: empty for all of it. */
  readonly place: string
  readonly request: MakeRequest
  readonly make: (onEnd: (feed: Feed) => void) => Feed
}

function sharingOf(pool: Pool, url: string | URL, options: StreamOptions<EventMap>): Sharing {
  const parts = partsOf.get(pool)
  if (parts === undefined) {
    throw new StreamError(
      'invalid-argument',
      'Cannot use this pool: createPool() did not make it. Pass what createPool() returned.',
    )
  }
  const retry = {
    ...defaultRetryPolicy,
    ...defined(parts.options.retry),
    ...defined(options.retry),
  }
  const merged = { ...parts.options, ...defined(options), retry }
  const targets = new Map<string, Target>()
  return {
    pool,
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
  options: StreamOptions<EventMap> & { readonly retry: RetryPolicy },
): Target {
  checkRequest(options)
  const { channels: scheme = queryChannel(), initialLastEventId = '' } = options
  const whole = absoluteUrl(relative)
  const url = scheme.shared || channel === '' ? whole : scheme.url(whole, [channel])
  const kind = transportKind(url, options)
  let cursor = initialLastEventId
  return {
    key: JSON.stringify([
      requestKey(url, options),
      typeof kind === 'object' ? identity(kind) : kind,
      scheme.shared && identity(scheme),
    ]),
    place: scheme.shared ? channel : '',
    request: (channels, lastEventId) =>
      resolveRequest(channels.length === 0 ? url : scheme.url(url, channels), options, lastEventId),
    make: (onEnd) =>
      new Feed({
        transport: transportOf(kind, options),
        scheme,
        retry: options.retry,
        clock: options.clock ?? systemClock,
        linger: options.linger ?? DEFAULT_LINGER,
        initialLastEventId: cursor,
        onEnd: (feed) => {
          // What was begun from a snapshot goes on from where it was, and not from the snapshot again.
          if (cursor !== '') cursor = feed.connection.lastEventId
          onEnd(feed)
        },
      }),
  }
}

type TransportKind = 'fetch' | 'event-source' | Transport

function transportKind(url: URL, options: ConnectOptions & RequestOptions): TransportKind {
  const { transport = 'auto', fetch, headers, body } = options
  if (transport === 'fetch' || transport === 'event-source') return transport
  if (typeof transport === 'object') return transport
  if (transport !== 'auto') {
    throw new StreamError(
      'invalid-argument',
      `Cannot use transport "${String(transport)}": there is none of that name. Say 'auto', 'fetch' or 'event-source', or pass a transport.`,
    )
  }
  const { location } = globalThis as { location?: Location }
  return chooseTransport({
    url,
    origin: location?.origin,
    method: methodOf(options),
    custom: [headers, body, fetch].some((option) => option !== undefined),
    hasEventSource: options.EventSource !== undefined || 'EventSource' in globalThis,
  })
}

function transportOf(kind: TransportKind, { fetch, EventSource }: ConnectOptions): Transport {
  if (kind === 'fetch') return fetchTransport({ fetch })
  return kind === 'event-source' ? eventSourceTransport({ EventSource }) : kind
}

/** Without what is `undefined`: an option that is not given must not hide the pool's, or a default. */
function defined<Options extends object>(options: Options | undefined): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<Options>
}

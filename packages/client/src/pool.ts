/// <reference lib="esnext.disposable" preserve="true" />
import { signal, untracked, type ReadonlySignal } from '@preact/signals-core'
import { checkOptions, checkPool, checkUrl } from '#development'
import type { Clock } from './clock.ts'
import { lacksPage, type StreamUrl } from './connection/request.ts'
import { guarded } from './errors.ts'
import { knownIn } from './known-in.ts'
import {
  mergeOptions,
  type MergedOptions,
  type PoolOptions,
  type StreamOptions,
} from './options.ts'
import { byChunk, byFrame, type Commit } from './stream/commit.ts'
import type { FeedSnapshot } from './stream/feed.ts'
import { Feeds } from './stream/feeds.ts'
import { createHandle, type FeedSource } from './stream/handle.ts'
import type { EventMap, EventsOf, NoMap, Stream } from './stream/stream.ts'
import { targetOf, type Target } from './target.ts'

/**
 * The connections of a page: one for each request, however many read it.
 *
 * @example
 * const pool: Pool = createPool({ linger: 5_000 })
 * const trades = pool.stream('/events')
 */
export interface Pool {
  /**
   * A handle on a stream; it opens nothing.
   *
   * @example
   * const trades = pool.stream('/events', { events: { tick: json<Tick>() } })
   */
  readonly stream: <Map extends EventMap = NoMap>(
    url: StreamUrl,
    options?: StreamOptions<Map>,
  ) => Stream<EventsOf<NoInfer<Map>>>
  /**
   * Every connection in use, with who holds it. It changes with the connections' transitions; what is counted is
   * refreshed while it is watched, once a second at the most.
   *
   * @example
   * pool.connections.subscribe((all) => console.table(all.map(({ id, url, status }) => ({ id, url, status }))))
   */
  readonly connections: ReadonlySignal<readonly FeedSnapshot[]>
  /** Ends every connection, whoever reads it. Who reads afterwards, reads anew. */
  readonly close: () => void
  readonly [Symbol.dispose]: () => void
}

/** What a handle needs of its pool. */
interface PoolParts {
  readonly feeds: Feeds
  /** One for all that goes by the same clock, so that what is shown together moves together. */
  readonly frames: WeakMap<Clock, Commit>
  readonly options: PoolOptions
}

/** Where a pool has its parts: known by name, so that a module that is loaded anew knows the pools of the old one. */
const PARTS = Symbol.for('millrace.pool-parts')

/**
 * Makes a pool. Most apps need none of their own: a handle without one takes the default pool.
 *
 * @example
 * const pool = createPool({ linger: 5_000 })
 * const trades = pool.stream('/events')
 */
export function createPool(options: PoolOptions = {}): Pool {
  checkOptions(options)
  const feeds = new Feeds()
  const close = () => feeds.close()
  const parts: PoolParts = { feeds, frames: new WeakMap(), options }
  const pool: Pool & { readonly [PARTS]: PoolParts } = {
    stream: (url, streamOptions) => streamIn(() => pool, url, streamOptions),
    connections: feeds.snapshots,
    close,
    [Symbol.dispose]: close,
    [PARTS]: parts,
  }
  return pool
}

/** A handle whose pool is looked for when it is first held. */
export function streamIn<Map extends EventMap = NoMap>(
  find: () => Pool,
  url: StreamUrl,
  options: StreamOptions<Map> = {},
): Stream<EventsOf<NoInfer<Map>>> {
  checkUrl(url)
  // What is wrong with the stream's own options is said where they are written, not where it is first read.
  checkOptions(options)
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
        const { key, place, request, make, cursor } = sharing.target(channel)
        const { onError, onGap } = sharing.options
        const placed = { ...reader, channel: place, request, onError, onGap }
        const stop = sharing.feeds.read(key, make, (feed) => {
          feed.connection.seed(cursor)
          return feed.read(placed, last)
        })
        guarded(() => {
          settled.value = sharing
        })
        return stop
      }),
    lacksPage: () => lacksPage(url),
    find: (channel) => {
      const { feeds, target } = look()
      try {
        return feeds.find(target(channel).key)
      } catch {
        // A relative URL where there is no page (a server render): nobody can read it, so nobody does.
        return undefined
      }
    },
    last: (channel, type) => source.find(channel)?.readers.last(type, look().target(channel).place),
    commit: () => {
      const { frames, options: merged } = untracked(look)
      if (merged.commit === 'chunk') return byChunk
      return knownIn(frames, merged.clock, () => byFrame(merged.clock))
    },
  }
  return createHandle<EventsOf<Map>>(options.events, source)
}

/** What one handle does with its pool. */
interface Sharing {
  readonly pool: Pool
  readonly feeds: Feeds
  readonly frames: WeakMap<Clock, Commit>
  readonly options: MergedOptions
  readonly target: (channel: string) => Target
}

function sharingOf(pool: Pool, url: StreamUrl, options: StreamOptions<EventMap>): Sharing {
  checkPool(pool)
  const { [PARTS]: parts } = pool as unknown as { [PARTS]: PoolParts }
  const merged = mergeOptions(parts.options, options)
  const targets = new Map<string, Target>()
  return {
    pool,
    feeds: parts.feeds,
    frames: parts.frames,
    options: merged,
    target: (channel) => knownIn(targets, channel, () => targetOf(url, channel, merged)),
  }
}

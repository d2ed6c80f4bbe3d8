import { redacted } from './connection/redacted.ts'
import {
  absoluteUrl,
  identity,
  requestKey,
  resolveRequest,
  type StreamUrl,
} from './connection/request.ts'
import { shortName } from './connection/short-name.ts'
import type { ConnectOptions, MergedOptions } from './options.ts'
import { queryChannel } from './stream/channel.ts'
import { Feed } from './stream/feed.ts'
import type { AskedChannels, MakeRequest } from './stream/reader.ts'
import { chooseTransport } from './transport/choose.ts'
import { eventSourceTransport } from './transport/event-source.ts'
import { fetchTransport } from './transport/fetch.ts'
import type { Transport } from './transport/transport.ts'

/** In characters: the longest that is safe with the servers and proxies in use. */
const LONGEST_URL = 8_000

/** What one channel of a handle reads. */
export interface Target {
  /** Equal keys share a feed. */
  readonly key: string
  /** Which part of the feed: empty for all of it. */
  readonly place: string
  /** Where it wants to start, if nobody else has started it yet. */
  readonly cursor: string
  readonly request: MakeRequest
  readonly make: (id: number, onEnd: (feed: Feed) => void) => Feed
}

/** What a handle's options mean for one of its channels: which request, shared with whom, over which transport. */
export function targetOf(relative: StreamUrl, channel: string, options: MergedOptions): Target {
  const { channels: scheme = queryChannel(), initialLastEventId, once, tabs, doneWhen } = options
  const ofOne = scheme.shared || channel === '' ? [] : [channel]
  const whole = typeof relative === 'function' ? undefined : absoluteUrl(relative)
  const placed = (at: URL, { channels, added }: AskedChannels) =>
    channels.length === 0 ? at : scheme.url(at, channels, added)
  const url = whole && placed(whole, { channels: ofOne, added: [] })
  const kind = chooseTransport(url, options)
  // A request that is sent once, or whose URL nobody can compare, is its handle's own.
  const own = once || (url === undefined && options.key === undefined)
  const request = requestKey(url, options)
  const inTabs = { request, url: whole, channels: ofOne, over: kind, scheme, options }
  // What was begun from a snapshot goes on from where it was, and not from the snapshot again.
  let initial = initialLastEventId
  let kept: Feed | undefined
  return {
    // What keeps two streams apart that ask for the same counts by being the same object.
    key: JSON.stringify([
      request,
      ofOne,
      ...[kind, scheme.shared && scheme, doneWhen, own && options].map(named),
    ]),
    cursor: initialLastEventId,
    place: scheme.shared ? channel : '',
    request: (asked, lastEventId, context) => {
      const place = (at: URL) => placed(at, asked)
      // Where the page is now matters, and not where a script has moved its address to since.
      return resolveRequest({ url: whole ?? relative, options, place }, lastEventId, context)
    },
    make: (id, onEnd) => {
      if (kept !== undefined) return kept
      const feed = new Feed({
        ...options,
        id,
        cursor: {
          initial,
          // What nobody can name, nobody finds again.
          storage: own ? undefined : options.resume,
          key: shortName(JSON.stringify([request, ofOne])),
        },
        fresh: [relative, options.headers].some((part) => typeof part === 'function'),
        needsNetwork: url === undefined || !isLoopback(url.hostname),
        transport: transportOf(kind, options),
        scheme,
        channels: ofOne,
        room: (asked) => (whole ? LONGEST_URL - placed(whole, asked).href.length : Infinity),
        // Where a reader says when it ends, others may read on.
        share: tabs && !own && !doneWhen ? (shared) => tabs.join(shared, inTabs) : undefined,
        url: redacted(url?.href ?? `(${options.method} by function)`),
        origin: url?.origin,
        onEnd: (ended) => {
          initial &&= ended.connection.lastEventId
          onEnd(ended)
        },
      })
      if (once) kept = feed
      return feed
    },
  }
}

/** Objects and functions by number. */
function named(part: unknown): unknown {
  return Object(part) === part ? identity(part as object) : part
}

/** A server on this very machine is there without a network. */
function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname)
}

type TransportKind = ReturnType<typeof chooseTransport>

function transportOf(kind: TransportKind, options: ConnectOptions): Transport {
  if (kind === 'fetch') return fetchTransport(options)
  return kind === 'event-source' ? eventSourceTransport(options) : kind
}

import { redacted } from './connection/redacted.ts'
import {
  absoluteUrl,
  identity,
  requestKey,
  resolveRequest,
  type StreamUrl,
} from './connection/request.ts'
import type { SharedRequest } from './connection/sharing.ts'
import type { ConnectOptions, MergedOptions } from './options.ts'
import { queryChannel, type ChannelScheme } from './stream/channel.ts'
import { Feed } from './stream/feed.ts'
import type { AskedChannels, MakeRequest } from './stream/reader.ts'
import { chooseTransport } from './transport/choose.ts'
import { eventSourceTransport } from './transport/event-source.ts'
import { fetchTransport } from './transport/fetch.ts'
import type { Transport } from './transport/transport.ts'

/** In characters: the longest that is safe with the servers and proxies in use. */
const LONGEST_URL = 8_000

/** Where to look what a scheme makes of a URL: schemes that make the same of it are the same in every tab. */
const ANYWHERE = new URL('https://millrace.invalid')

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
  // What was begun from a snapshot goes on from where it was, and not from the snapshot again.
  let initial = initialLastEventId
  let kept: Feed | undefined
  return {
    key: JSON.stringify([
      request,
      ofOne,
      // What keeps two streams apart that ask for the same.
      typeof kind === 'object' ? identity(kind) : kind,
      scheme.shared && identity(scheme),
      doneWhen && identity(doneWhen),
      own && identity(options),
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
          key: keyOf(JSON.stringify([request, ofOne])),
        },
        fresh: [relative, options.headers].some((part) => typeof part === 'function'),
        needsNetwork: url === undefined || !isLoopback(url.hostname),
        transport: transportOf(kind, options),
        scheme,
        channels: ofOne,
        fits: (asked) => whole === undefined || placed(whole, asked).href.length <= LONGEST_URL,
        share:
          tabs && !own
            ? (feed) =>
                tabs.join(feed, inEveryTab(whole, { request, ofOne, kind, scheme, options }))
            : undefined,
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

/** The request as other tabs know it, whose objects are others. */
function inEveryTab(
  url: URL | undefined,
  parts: {
    readonly request: string
    readonly ofOne: readonly string[]
    readonly kind: TransportKind
    readonly scheme: ChannelScheme
    readonly options: MergedOptions
  },
): SharedRequest {
  const { request, ofOne, kind, scheme, options } = parts
  const over = typeof kind === 'object' ? kind.hearsEveryType : kind
  const by = scheme.shared ? scheme.url(ANYWHERE, ['-'], []) : ofOne
  return {
    name: keyOf(JSON.stringify([request, over, by])),
    personal: isPersonal(url, options),
    labelled: scheme.shared !== false,
    asksFor: (some) => url !== undefined && scheme.url(url, [some], []).href === url.href,
  }
}

/** Whether the answer may depend on who asks, and no `key` says who that is. */
function isPersonal(url: URL | undefined, options: MergedOptions): boolean {
  const { location } = globalThis as { location?: Location }
  const { credentials } = options
  return (
    options.key === undefined &&
    (credentials === 'include' ||
      (credentials === 'same-origin' && url?.origin === location?.origin) ||
      typeof options.transport === 'object' ||
      [options.headers, options.fetch, options.EventSource].some((option) => option !== undefined))
  )
}

/** A server on this very machine is there without a network. */
function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname)
}

/** A short name for a request, which shows nothing of it: FNV-1a, 64 bits. */
function keyOf(request: string): string {
  let hash = 0xcb_f2_9c_e4_84_22_23_25n
  for (const character of request) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x1_00_00_00_01_b3n)
  }
  return `millrace:${hash.toString(36)}`
}

type TransportKind = ReturnType<typeof chooseTransport>

function transportOf(kind: TransportKind, options: ConnectOptions): Transport {
  if (kind === 'fetch') return fetchTransport(options)
  return kind === 'event-source' ? eventSourceTransport(options) : kind
}

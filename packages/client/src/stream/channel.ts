import { checkScheme } from '#development'
import type { RawEvent } from '../event.ts'
import { failure } from '../failure.ts'
import { knownIn } from '../known-in.ts'
import { ownText } from '../own-text.ts'
import { unescaped } from '../unescaped.ts'
import { covering } from './channel-name.ts'
import { ChannelSet, type ChannelSetOptions } from './channel-set.ts'

/**
 * How channels become requests, and how an event tells its channel: your own is as good as those that come with
 * Millrace.
 *
 * @example
 * const byHost: ChannelScheme = {
 *   shared: false,
 *   url: (url, [channel]) => new URL(`https://${channel}.example${url.pathname}`),
 *   channelsOf: () => undefined,
 * }
 */
export interface ChannelScheme {
  /**
   * `false` for one connection for each channel; for one connection for every channel in use, what `multiplex()` has
   * here: it follows which channels those are.
   */
  readonly shared: false | SharedChannels
  /**
   * The request for these channels; never asked for none. Where channels are `added` to a stream that is being read,
   * they need no replay from its cursor.
   */
  readonly url: (url: URL, channels: readonly string[], added: readonly string[]) => URL
  /**
   * The channels that an event which came by the request `url` belongs to; none where it is for everyone, `undefined`
   * where it does not say: then it is of the channel that its connection is for.
   */
  readonly channelsOf: (event: RawEvent, url: string) => readonly string[] | undefined
  /**
   * Whether its servers read the cursor from the query too. Defaults to `true`; where they do not, `transport: 'auto'`
   * is `fetch`, which sends it as a header.
   */
  readonly cursorParam?: boolean | undefined
}

/** Follows the channels that are read over one connection: `multiplex().shared`. */
type SharedChannels = (options: ChannelSetOptions) => ChannelSet

/**
 * What a server has of its own.
 *
 * @example
 * eventStream('/events', { channels: multiplex({ channelOf: (event) => event.type.split(':')[0] }) })
 */
export interface ChannelSchemeOptions {
  /**
   * The channel of an event, or several; an empty array where it is for everyone. Without it, and where it says
   * `undefined`, the label of the event's id counts (`pets/dogs@17`, as `@millrace/server` writes it), and else the
   * channel asked for.
   *
   * @example
   * const scheme = queryChannel('room', { channelOf: (event) => event.type.split(':')[0] })
   */
  readonly channelOf?: ((event: RawEvent) => string | readonly string[] | undefined) | undefined
  /**
   * Whether the server reads the cursor from the query too. Defaults to `true`; where it does not, `transport: 'auto'`
   * is `fetch`, which sends it as a header.
   */
  readonly cursorParam?: boolean | undefined
}

/**
 * `/events?channel=NAME`: a connection for each channel.
 *
 * @param param The query parameter. Defaults to `channel`.
 * @example
 * eventStream('/events', { channels: queryChannel('topic') }).channel('news')
 */
export function queryChannel(param = 'channel', options: ChannelSchemeOptions = {}): ChannelScheme {
  checkScheme(options, param)
  const { channelOf, cursorParam } = options
  return {
    shared: false,
    url: (url, channels) => withParam(url, param, channels),
    channelsOf: telling(channelOf, onlyIn(param)),
    cursorParam,
  }
}

/**
 * `/subscribe/pets/dogs`: a connection for each channel, whose segments follow the URL's path.
 *
 * @example
 * eventStream('/subscribe', { channels: pathChannel() }).channel('pets/dogs').on('new-dog', greet)
 */
export function pathChannel(options: ChannelSchemeOptions = {}): ChannelScheme {
  checkScheme(options)
  const { channelOf, cursorParam } = options
  return { shared: false, url: withPath, channelsOf: telling(channelOf), cursorParam }
}

/**
 * `/events?channel=a&channel=b`: one connection for every channel in use, whose set follows what is read.
 *
 * For servers that say in each event's id which channel it is for, as `@millrace/server` does, or in something else
 * that `channelOf` finds.
 *
 * @param options.param The query parameter, repeated for each channel. Defaults to `channel`.
 * @example
 * const market = eventStream('/events', { channels: multiplex() })
 * market.channel('stocks/tech').latest('tick')
 * market.channel('bonds').latest('tick') // the same connection
 */
export function multiplex(
  options: ChannelSchemeOptions & { readonly param?: string | undefined } = {},
): ChannelScheme {
  checkScheme(options)
  const { param = 'channel', channelOf, cursorParam = true } = options
  const same = knownIn(multiplexed, channelOf ?? label, () => new Map<string, ChannelScheme>())
  return knownIn(same, `${cursorParam} ${param}`, () => ({
    shared: (reading) => new ChannelSet(reading),
    url: (url, channels, added) =>
      withParam(withParam(url, param, covering(channels)), 'added', added),
    channelsOf: telling(channelOf, onlyIn(param)),
    cursorParam,
  }))
}

// One object for equal arguments: readers that write `multiplex()` where they read share their connection.
const multiplexed = new WeakMap<object, Map<string, ChannelScheme>>()

function withParam(url: URL, param: string, channels: readonly string[]): URL {
  // What the app's own URL asks for stays in.
  const params = new URLSearchParams(url.search)
  const asked = new Set(params.getAll(param))
  const missing = channels.filter((channel) => !asked.has(channel))
  const copy = new URL(url)
  if (missing.length === 0) return copy
  for (const channel of missing.toSorted()) params.append(param, channel)
  copy.search = params.toString()
  return copy
}

function withPath(url: URL, channels: readonly string[]): URL {
  const segments = channels.flatMap((channel) => channel.split('/'))
  // Percent-encoded or not, URLs take them for steps to somewhere else.
  const step = segments.find((segment) => segment === '.' || segment === '..')
  if (step !== undefined) {
    throw failure(
      'invalid-argument',
      `Cannot read channel "${segments.join('/')}" by path: a URL takes "${step}" for a step.`,
      {},
      'path',
    )
  }
  const copy = new URL(url)
  const path = segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/')
  copy.pathname = `${copy.pathname.replace(/\/$/, '')}/${path}`
  return copy
}

/** What the app says of an event counts before its label, and that before the URL that it came by. */
function telling(
  channelOf: ChannelSchemeOptions['channelOf'],
  byUrl: (url: string) => readonly string[] | undefined = () => undefined,
): ChannelScheme['channelsOf'] {
  return (event, url) => {
    const told = channelOf?.(event) ?? label(event) ?? byUrl(url)
    return typeof told === 'string' ? [told] : told
  }
}

/**
 * The label of an id that `@millrace/server` made, `pets/dogs@17`: all before the first `@`, comma-joined, with `%`,
 * `@` and `,` encoded, and nothing for a broadcast. An inherited id is an earlier event's, and so is its label.
 */
function label({ id }: RawEvent): readonly string[] | undefined {
  const end = id?.indexOf('@') ?? -1
  if (id === undefined || end === -1) return undefined
  if (end === 0) return EVERYONE
  const names = id.slice(0, end)
  return labels.get(names) ?? channelsIn(names)
}

function channelsIn(names: string): readonly string[] {
  const channels = names.split(',').map(unescaped)
  if (labels.size === LABELS) labels.clear()
  labels.set(ownText(names), channels)
  return channels
}

const EVERYONE: readonly string[] = []
/** So many labels are remembered: a server may have any number of channels. */
const LABELS = 10_000
const labels = new Map<string, readonly string[]>()

/** The only channel that a request asked for; of several, an event that does not say which is for everyone. */
function onlyIn(param: string): (url: string) => readonly string[] | undefined {
  // The events of a connection come by one URL, so that it is looked into once.
  let known = ''
  let only: readonly string[] | undefined
  return (url) => {
    if (url !== known) {
      const asked = new URL(url).searchParams.getAll(param)
      known = url
      only = asked.length > 1 ? [] : asked.length === 1 ? asked : undefined
    }
    return only
  }
}

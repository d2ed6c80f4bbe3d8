import type { RawEvent } from '../event.ts'

/** How channels become requests, and how an event tells its channel. */
export interface ChannelScheme {
  /** One connection for every channel in use, or one for each. */
  readonly shared: boolean
  /** The request for these channels; never asked for none. */
  readonly url: (url: URL, channels: readonly string[]) => URL
  /** The channels that an event which came by the request `url` belongs to; none where it is for everyone. */
  readonly channelsOf: (event: RawEvent, url: string) => readonly string[]
}

/**
 * `/events?channel=NAME`: a connection for each channel.
 *
 * @param param The query parameter. Defaults to `channel`.
 * @example
 * eventStream('/events', { channels: queryChannel('topic') }).channel('news')
 */
export function queryChannel(param = 'channel'): ChannelScheme {
  return {
    shared: false,
    url: (url, channels) => withParam(url, param, channels),
    channelsOf: labelOrOnly(param),
  }
}

/**
 * `/events?channel=a&channel=b`: one connection for every channel in use, whose set follows what is read.
 *
 * For servers that say in each event's id which channel it is for, as `@millrace/server` does.
 *
 * @param options.param The query parameter, repeated for each channel. Defaults to `channel`.
 * @example
 * const market = eventStream('/events', { channels: multiplex() })
 * market.channel('stocks/tech').latest('tick')
 * market.channel('bonds').latest('tick') // the same connection
 */
export function multiplex({ param = 'channel' }: { param?: string } = {}): ChannelScheme {
  let scheme = multiplexed.get(param)
  if (scheme === undefined) {
    scheme = {
      shared: true,
      url: (url, channels) => withParam(url, param, covering(channels)),
      channelsOf: labelOrOnly(param),
    }
    multiplexed.set(param, scheme)
  }
  return scheme
}

// One object for each parameter: readers that write `multiplex()` where they read share their connection.
const multiplexed = new Map<string, ChannelScheme>()

/** The fewest channels that hold all of these: a parent holds its children. */
export function covering(channels: readonly string[]): string[] {
  const all = new Set(channels)
  return [...all].filter((channel) => !ancestors(channel).some((ancestor) => all.has(ancestor)))
}

/** The parents of a channel, nearest first: `a/b` and `a` for `a/b/c`. */
export function ancestors(channel: string): string[] {
  const segments = channel.split('/')
  return segments.slice(1).map((_, index) => segments.slice(0, -1 - index).join('/'))
}

function withParam(url: URL, param: string, channels: readonly string[]): URL {
  const copy = new URL(url)
  // What the app's own URL asks for stays in.
  const asked = new Set(copy.searchParams.getAll(param))
  for (const channel of channels.toSorted()) {
    if (!asked.has(channel)) copy.searchParams.append(param, channel)
  }
  return copy
}

/** The label of an event; without one, the only channel that its request asked for. */
function labelOrOnly(param: string): ChannelScheme['channelsOf'] {
  // The events of a connection come by one URL, so that it is looked into once.
  let known = ''
  let only: readonly string[] = []
  return (event, url) => {
    const labels = label(event)
    if (labels !== undefined) return labels
    if (url !== known) {
      const asked = new URL(url).searchParams.getAll(param)
      known = url
      only = asked.length === 1 ? asked : []
    }
    return only
  }
}

/**
 * The label of an id that `@millrace/server` made, `pets/dogs@17`: all before the first `@`, comma-joined, with `%`,
 * `@` and `,` encoded, and nothing for a broadcast. An inherited id is an earlier event's, and so is its label.
 */
function label(event: RawEvent): readonly string[] | undefined {
  const end = event.id?.indexOf('@') ?? -1
  if (event.id === undefined || end === -1) return undefined
  if (end === 0) return []
  return event.id.slice(0, end).split(',').map(decodeLabel)
}

function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

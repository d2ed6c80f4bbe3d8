import { addressOf } from './address.ts'
import { EventServerError } from './error.ts'

/** The channel above all others. */
export const ROOT = '/'

// In characters.
const MAX_CHANNEL_LENGTH = 256

/**
 * A channel's name in its one form: segments joined by `/`, no slash at either end; throws on what is no name.
 *
 * @example
 * parseChannel('/pets/dogs/') // 'pets/dogs'
 */
export function parseChannel(name: string): string {
  if (typeof name !== 'string') throw invalid(name, `it is of type ${typeof name}`)
  if (name === ROOT) return ROOT
  const channel = name.replace(/^\/|\/$/g, '')
  if (channel === '' || channel === ROOT) throw invalid(name, 'it is empty')
  if (channel.length > MAX_CHANNEL_LENGTH) {
    throw invalid(`${name.slice(0, 20)}…`, `it is longer than ${MAX_CHANNEL_LENGTH} characters`)
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(channel)) throw invalid(name, 'it has control characters')
  if (channel.includes('//')) throw invalid(name, 'it has an empty segment')
  return channel
}

/**
 * A channel that is granted: a slash at either end is what a missing part leaves behind, and would widen the grant.
 *
 * @example
 * parseGrant(`user/${id}`) // throws where `id` is empty
 */
export function parseGrant(name: string): string {
  const channel = parseChannel(name)
  if (channel === name) return channel
  throw invalid(name, 'it starts or ends with an empty segment')
}

/** The names in what may be a single one. */
export function namesOf(channels: string | readonly string[]): readonly string[] {
  return Array.isArray(channels) ? (channels as readonly string[]) : [channels as string]
}

/** The channels that something is published to, each once. */
export function channelsOf(channels: string | readonly string[]): readonly string[] {
  const names = namesOf(channels)
  if (names.length > 0) return [...new Set(names.map(parseChannel))]
  throw new EventServerError(
    'invalid-channel',
    'Cannot publish: no channel is named. Name one, or broadcast.',
  )
}

function invalid(name: unknown, because: string): EventServerError {
  return new EventServerError(
    'invalid-channel',
    `Cannot use ${JSON.stringify(name)} as a channel: ${because}. Name it like 'pets/dogs'.`,
  )
}

/**
 * Whether who listens to `parent` hears `channel`: by whole segments, so `pets` never hears `petshop`.
 *
 * @example
 * covers('pets', 'pets/dogs') // true
 */
export function covers(parent: string, channel: string): boolean {
  return parent === ROOT || parent === channel || channel.startsWith(`${parent}/`)
}

/** The channel and everything above it, the root first: who listens to one of these hears the channel. */
export function lineage(channel: string): string[] {
  if (channel === ROOT) return [ROOT]
  const names = [ROOT]
  for (let at = channel.indexOf('/'); at !== -1; at = channel.indexOf('/', at + 1)) {
    names.push(channel.slice(0, at))
  }
  names.push(channel)
  return names
}

/** The same subtrees in the fewest names, sorted: equal sets have equal lists. */
export function minimalChannels(channels: Iterable<string>): string[] {
  const unique = new Set(channels)
  const covered = (name: string): boolean =>
    lineage(name).some((above) => above !== name && unique.has(above))
  return [...unique].filter((name) => !covered(name)).toSorted()
}

/**
 * What is in both sets of subtrees.
 *
 * @example
 * intersectChannels(['pets'], ['pets/dogs', 'cars']) // ['pets/dogs']
 */
export function intersectChannels(asked: readonly string[], granted: readonly string[]): string[] {
  return minimalChannels(
    asked.flatMap((ask) =>
      granted.flatMap((grant) => (covers(ask, grant) ? [grant] : covers(grant, ask) ? [ask] : [])),
    ),
  )
}

/**
 * How a request names its channels.
 *
 * @example
 * const fromHost: ChannelsOf = (request) => [new URL(request.url).hostname]
 */
export type ChannelsOf = (request: Request) => readonly string[]

/**
 * Channels from a query parameter, which may be repeated. Defaults to `channel`.
 *
 * @example
 * createEventServer({ channels: byQuery('topic') }) // /events?topic=pets&topic=cars
 */
export function byQuery(param = 'channel'): ChannelsOf {
  return (request) =>
    addressOf(request)
      .searchParams.getAll(param)
      .filter((name) => name !== '')
}

/**
 * The channel from the path after `prefix`; nothing after it means broadcasts only.
 *
 * @example
 * createEventServer({ channels: byPath('/subscribe') }) // /subscribe/pets/dogs
 */
export function byPath(prefix: string): ChannelsOf {
  const base = prefix.replace(/\/+$/, '')
  return (request) => {
    const { pathname } = addressOf(request)
    if (!pathname.startsWith(`${base}/`)) return []
    const name = pathname.slice(base.length + 1).replace(/\/$/, '')
    return name === '' ? [] : [decodeSegments(name)]
  }
}

// A malformed escape (`%zz`) is kept as it is written: it names a channel that nobody publishes to.
function decodeSegments(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

import {
  byQuery,
  intersectChannels,
  minimalChannels,
  parseChannel,
  parseGrant,
  ROOT,
} from './channel.ts'
import type { ChannelsOf } from './channel.ts'
import { EventServerError } from './error.ts'
import { checkInterval } from './keep-alive.ts'
import { quoted, refuse } from './refusal.ts'

/**
 * Who comes in, and what may be heard.
 *
 * @example
 * const admission: Admission = { channels: ['user/7'], clientId: '7' }
 */
export interface Admission<Data = unknown> {
  /**
   * Subtrees granted: what is asked is narrowed to them. Defaults to everything asked, the root excepted. No name may
   * start or end with a slash, but the root's, `/`.
   */
  readonly channels?: readonly string[]
  /** Whose session it is; one client may have many. */
  readonly clientId?: string
  /** Becomes `session.data`. */
  readonly data?: Data
  /**
   * Milliseconds of silence after which this session is sent what the option `keepAlive` says. Defaults to its interval;
   * nothing where that is `false`.
   */
  readonly keepAlive?: number
}

/**
 * Decides on a request: a `Response` refuses, an admission lets in.
 *
 * @example
 * const authorize: Authorize<User> = async (request) => {
 *   const user = await userOf(request)
 *   return user ? { channels: [`user/${user.id}`], data: user } : new Response(null, { status: 401 })
 * }
 */
export type Authorize<Data> = (
  request: Request,
) => Response | Admission<Data> | Promise<Response | Admission<Data>>

/** What a session will hear. */
export interface Admitted<Data> {
  readonly channels: readonly string[]
  /** The part of it that is resumed: what the request calls `added` starts now. */
  readonly resumed: readonly string[]
  readonly admission: Admission<Data>
}

/** The channels a request asks for. */
export interface Asked {
  readonly channels: readonly string[]
  /** Of these, what the client adds to a stream it has been reading, and needs no replay of. */
  readonly added: readonly string[]
}

/** Reads the channels of a request, or refuses it; throws what `channelsOf` throws, if it is not about a name. */
export function askedOf(
  request: Request,
  channelsOf: ChannelsOf,
  maxChannels: number,
): Asked | Response {
  try {
    const named: unknown = channelsOf(request)
    if (!Array.isArray(named)) throw new TypeError('it gave no list of names, at once')
    const channels = [...new Set(named.map(parseChannel))]
    const added = byQuery('added')(request).map(parseChannel)
    if (channels.length <= maxChannels) return { channels, added }
    const because = `Cannot open the stream: ${channels.length} channels are asked for. Ask for at most ${maxChannels}.`
    return refuse({ status: 400, because })
  } catch (error) {
    if (!(error instanceof EventServerError) || error.code !== 'invalid-channel') throw error
    return refuse({ status: 400, because: error.message })
  }
}

/** What is both asked and granted; asked and nothing left is refused. */
export function admit<Data>(asked: Asked, verdict: unknown): Admitted<Data> | Response {
  if (isResponse(verdict)) return verdict
  // Whatever is no admission refuses: a forgotten `return` must not let anybody in.
  if (typeof verdict !== 'object' || verdict === null) return forbidden('it was not admitted')
  const admission = verdict as Admission<Data>
  if (admission.keepAlive !== undefined) checkInterval(admission.keepAlive)
  const granted = admission.channels?.map(parseGrant)
  const narrow = (names: readonly string[]): readonly string[] =>
    granted ? intersectChannels(names, granted) : minimalChannels(names.filter(notRoot))
  if (asked.channels.length === 0) {
    const channels = minimalChannels(granted ?? [])
    return { channels, resumed: channels, admission }
  }
  const channels = narrow(asked.channels)
  if (channels.length === 0) {
    const names = quoted(asked.channels.join(', '))
    return forbidden(`none of the channels asked for is granted (${names})`)
  }
  const added = new Set(asked.added)
  return { channels, resumed: narrow(asked.channels.filter((name) => !added.has(name))), admission }
}

/** Whether a value is a `Response`, of this realm or of a library: none may pass for an admission. */
export function isResponse(value: unknown): value is Response {
  if (value instanceof Response) return true
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value
}

// It hears everything, so it has to be granted by name.
function notRoot(channel: string): boolean {
  return channel !== ROOT
}

function forbidden(because: string): Response {
  return refuse({
    status: 403,
    because: `Cannot open the stream: ${because}. Ask for what you may hear.`,
  })
}

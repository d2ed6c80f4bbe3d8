import type { SharedRequest } from '../connection/sharing.ts'
import { shortName } from '../connection/short-name.ts'
import { knownIn } from '../known-in.ts'
import { ownText } from '../own-text.ts'
import { ancestors, isWithin } from '../stream/channel-name.ts'

/** A request as tabs know it from others, whose objects are others. */
export interface KnownRequest {
  /** Equal in all tabs that ask for the same; shows nothing of it. */
  readonly name: string
  /** Whether the answer may depend on who asks, and nothing here says who that is. */
  readonly personal: boolean
  /** Whether event ids begin with the channels of the request that they came by. */
  readonly labelled: boolean
  /**
   * Whether an event `of` these channels is for who reads those, of `all` that tabs have asked for: what no tab has
   * asked for is for everyone, and so is what the request's own URL asks for.
   */
  readonly isFor: (
    of: readonly string[],
    those: ReadonlySet<string>,
    all: ReadonlySet<string>,
  ) => boolean
}

/** Where to look what a scheme makes of a URL: schemes that make the same of it are the same in every tab. */
const ANYWHERE = 'https://millrace.invalid'
/** That of all channels. */
const ROOT = '/'
/** So many channels are looked for in a URL once. */
const LOOKED_FOR = 10_000

export function knownRequest(shared: SharedRequest): KnownRequest {
  const { request, url, channels, scheme } = shared
  const over = typeof shared.over === 'object' ? shared.over.hearsEveryType : shared.over
  const by = scheme.shared ? scheme.url(new URL(ANYWHERE), ['-'], []) : channels
  const known = new Map<string, boolean>()
  const names = (channel: string) =>
    url !== undefined && scheme.url(url, [channel], []).href === url.href
  /** Whether its own URL asks for this channel, or for one that holds it. */
  function asksFor(channel: string): boolean {
    if (known.size === LOOKED_FOR) known.clear()
    return knownIn(known, ownText(channel), () =>
      [channel, ...ancestors(channel), ROOT].some(names),
    )
  }
  return {
    name: shortName(JSON.stringify([request, over, by])),
    personal: isPersonal(shared),
    labelled: Boolean(scheme.shared),
    isFor: (of, those, all) =>
      of.length === 0 ||
      of.some((name) => isWithin(name, those) || !isWithin(name, all) || asksFor(name)),
  }
}

/** Whether the answer may depend on who asks, and no `key` says who that is. */
function isPersonal({ url, options }: SharedRequest): boolean {
  const { location } = globalThis as { location?: Location }
  const { key, credentials, transport, headers, fetch, EventSource } = options
  return (
    key === undefined &&
    (credentials === 'include' ||
      (credentials === 'same-origin' && url?.origin === location?.origin) ||
      typeof transport === 'object' ||
      [headers, fetch, EventSource].some((option) => option !== undefined))
  )
}

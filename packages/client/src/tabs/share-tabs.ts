import type { TabSharing } from '../connection/sharing.ts'
import { StreamError } from '../errors.ts'
import { knownRequest } from './known-request.ts'
import { Member } from './member.ts'
import type { Channels, Locks } from './room.ts'
import { tabFeed } from './tab-feed.ts'

/**
 * Whose tabs share what.
 *
 * @example
 * createPool({ tabs: shareTabs({ scope: user?.id }) }) // undefined where nobody is logged in
 */
export interface ShareTabsOptions {
  /**
   * Whose session this tab has, the user's id say: only tabs with an equal one share what cookies, headers or functions
   * may make personal. `undefined` where nobody is logged in: then only what is the same for everybody is shared.
   */
  readonly scope: string | undefined
  /** The locks to use. Defaults to `navigator.locks`. */
  readonly locks?: Locks | undefined
  /** The class to use. Defaults to the global one. */
  readonly BroadcastChannel?: Channels | undefined
}

/**
 * The sharing of a pool, or of several.
 *
 * @example
 * const tabs: SharedTabs = shareTabs({ scope: undefined })
 * const pool = createPool({ tabs })
 * onLogin((user) => tabs.setScope(user.id))
 */
export interface SharedTabs extends TabSharing {
  /**
   * Says whose session it is from now on: connections move at once, before anything more of the old session arrives.
   *
   * @example
   * tabs.setScope(user.id) // after a login; undefined after a logout
   */
  readonly setScope: (scope: string | undefined) => void
}

/**
 * Has the tabs of a browser share their connections: for each request, one tab holds the connection, and the others
 * have its events from there. Where Web Locks or `BroadcastChannel` are missing, each tab connects for itself.
 *
 * @example
 * const pool = createPool({ tabs: shareTabs({ scope: user.id }) })
 */
export function shareTabs(options: ShareTabsOptions): SharedTabs {
  const members = new Set<Member>()
  let scope = checked(options.scope)
  const page = globalThis as { navigator?: { locks?: Locks }; BroadcastChannel?: Channels }
  const surroundings = {
    scope: () => scope,
    locks: () => options.locks ?? page.navigator?.locks,
    channels: () => options.BroadcastChannel ?? page.BroadcastChannel,
    onPresent: (member: Member, present: boolean) => {
      if (present) members.add(member)
      else members.delete(member)
    },
  }
  return {
    join: (feed, request) => new Member(tabFeed(feed), knownRequest(request), surroundings),
    setScope: (next) => {
      if (checked(next) === scope) return
      scope = next
      // All have left before one begins anew.
      for (const restart of [...members].map((member) => member.move())) restart()
    },
  }
}

function checked(scope: string | undefined): string | undefined {
  if (scope === undefined || (typeof scope === 'string' && scope !== '')) return scope
  throw new StreamError(
    'invalid-argument',
    'Cannot share tabs: the scope is not the name of a session. Pass the id of the user, or undefined where nobody is logged in.',
  )
}

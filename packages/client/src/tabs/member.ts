import type { TabMember, TabReason, TabRole } from '../connection/sharing.ts'
import { idleState, type ConnectionState } from '../connection/snapshot.ts'
import type { RawEvent } from '../event.ts'
import type { Link, Transport } from '../transport/transport.ts'
import type { KnownRequest } from './known-request.ts'
import { Group } from './group.ts'
import { PROTOCOL } from './messages.ts'
import { Room, type Channels, type Locks } from './room.ts'
import type { Asking } from './tab-link.ts'
import type { TabFeed } from './tab-feed.ts'

/** What a member has of the tab it is in. */
export interface Surroundings {
  /** Whose session it is. */
  readonly scope: () => string | undefined
  readonly locks: () => Locks | undefined
  readonly channels: () => Channels | undefined
  /** It has a connection, has part in one, or is refused one, and so is to move where the scope changes; or no more. */
  readonly onPresent: (member: Member, present: boolean) => void
}

/** A feed's part in what tabs share: in a group of tabs while it wants a connection and can be in one, else alone. */
export class Member implements TabMember {
  readonly transport: Transport
  readonly #feed: TabFeed
  readonly #request: KnownRequest
  readonly #surroundings: Surroundings
  #group: Group | undefined
  /** The one before, which tells others that all is over. */
  #parting: Group | undefined
  #role: TabRole | undefined
  #state: ConnectionState = idleState
  /** Why it is alone for as long as it wants a connection. */
  #alone: TabReason | undefined

  constructor(feed: TabFeed, request: KnownRequest, surroundings: Surroundings) {
    this.#feed = feed
    this.#request = request
    this.#surroundings = surroundings
    this.transport = {
      hearsEveryType: feed.transport.hearsEveryType,
      connect: (asked, sink, types) => this.#connect({ request: asked, sink, types }),
    }
  }

  *relay(events: readonly RawEvent[], url: string): Iterable<RawEvent> {
    const { scope } = this.#surroundings
    const whose = scope()
    for (const event of this.#group?.relay(events, url) ?? events) {
      // Who heard the one before may have logged in as somebody else.
      if (this.#request.personal && scope() !== whose) return
      yield event
    }
  }

  readonly channels = (): readonly string[] => this.#group?.channels ?? []

  readonly skipped = (size: number): void => this.#group?.skipped(size)

  readonly opened = (isBehind: boolean): void => this.#group?.opened(isBehind)

  readonly caughtUp = (): void => this.#group?.caughtUp()

  readonly stands = (state: ConnectionState): void => {
    this.#state = state
    this.#group?.stands()
    const { status, holds, reason } = state
    const isOver = status === 'closed' && reason !== 'caller'
    if (isOver || status === 'idle' || status === 'closed' || holds.length > 0) this.leave(isOver)
  }

  readonly reads = (): void => this.#group?.reads()

  readonly hurry = (): void => {
    if (this.#state.status === 'waiting') this.#group?.hurry()
  }

  readonly refresh = (): void => this.#group?.refresh()

  /** Lets go of everything that other tabs might see, or wait for; where all `isOver`, once they know it. */
  leave(isOver = false): void {
    const group = this.#group
    this.#parting?.close()
    this.#parting = isOver ? group : undefined
    this.#group = undefined
    if (isOver) group?.part()
    else group?.close()
    this.#alone = undefined
    this.#role = undefined
    this.#feed.onRole()
    this.#surroundings.onPresent(this, isOver)
  }

  /** Leaves; what is returned begins anew. */
  move(): () => void {
    this.leave()
    return this.#feed.restart
  }

  #connect(asking: Asking): Link {
    this.#surroundings.onPresent(this, true)
    this.#parting?.close()
    this.#group ??= this.#join()
    if (this.#group !== undefined) return this.#group.connect(asking)
    const { request, sink, types } = asking
    return this.#feed.transport.connect(request, sink, types)
  }

  #join(): Group | undefined {
    const { locks: findLocks, channels: findChannels, scope: findScope } = this.#surroundings
    const { name, personal } = this.#request
    const locks = findLocks()
    const channels = findChannels()
    const scope = findScope()
    if (this.#alone !== undefined) return this.#goAlone(this.#alone)
    if (personal && scope === undefined) return this.#goAlone('no-scope')
    if (locks === undefined) return this.#goAlone('no-locks')
    if (channels === undefined) return this.#goAlone('no-channel')
    try {
      return new Group({
        room: new Room(JSON.stringify([PROTOCOL, scope, name]), locks, channels),
        feed: this.#feed,
        request: this.#request,
        state: () => this.#state,
        onRole: (role, because) => this.#be(role, because),
        onAlone: (because) => {
          const group = this.#group
          this.#alone = because
          this.#group = undefined
          group?.close({ kind: 'handover' })
        },
      })
    } catch {
      return this.#goAlone('no-channel')
    }
  }

  #goAlone(because: TabReason): undefined {
    if (this.#role !== 'alone') this.#be('alone', because)
  }

  #be(role: TabRole, because: TabReason): void {
    this.#role = role
    this.#feed.onRole(role, because)
  }
}

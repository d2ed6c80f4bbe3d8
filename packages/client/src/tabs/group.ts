import { schedule } from '../clock.ts'
import type { TabReason } from '../connection/sharing.ts'
import type { ConnectionState } from '../connection/snapshot.ts'
import type { RawEvent } from '../event.ts'
import type { Elsewhere, Link } from '../transport/transport.ts'
import { cameBy, type Came } from './came.ts'
import { Following } from './following.ts'
import type { KnownRequest } from './known-request.ts'
import { Leading } from './leading.ts'
import { isFor, Memory, type Wants } from './memory.ts'
import type { Hello, Told } from './messages.ts'
import { Patience } from './patience.ts'
import type { Channel, Room } from './room.ts'
import { TabLink, type Asking } from './tab-link.ts'
import { TypeSet } from './type-set.ts'
import type { TabFeed } from './tab-feed.ts'

/** Robberies by whom it has not heard, after which it takes it that it hears nobody. */
const ENOUGH = 3
/** Milliseconds for which it waits until others know that all is over. */
const PARTING = 1_000

export interface GroupOptions {
  readonly room: Room
  readonly feed: TabFeed
  readonly request: KnownRequest
  readonly state: () => ConnectionState
  readonly onRole: (role: 'leads' | 'follows', because: TabReason) => void
  /** It cannot be had together with others. */
  readonly onAlone: (because: TabReason) => void
}

/**
 * A tab among those that share a connection: from its first attempt until it wants none.
 *
 * Who has the lock, leads. The others wait for it, and meanwhile say at the leader's `desk` where they are and what they
 * read; each is told the rest on a channel of its own.
 */
export class Group {
  readonly #options: GroupOptions
  readonly #member = crypto.randomUUID()
  readonly #memory: Memory
  readonly #patience: Patience
  readonly #types: TypeSet
  readonly #announcements: Channel
  readonly #links = new Set<TabLink>()
  #following: Following | undefined
  readonly #closed = new AbortController()
  /** Ends its claim to the lock of the tab that leads, which it waits for or has. */
  #claim = new AbortController()
  #leading: Leading | undefined
  #epoch = 0
  #count = 0
  /** Whether it has the lock by which others see that it is there: they tell nobody else. */
  #present = false
  #stealing = false
  /** How often it was robbed by whom it has not heard. */
  #robberies = 0
  /** The channels of all tabs. */
  #channels: readonly string[] = []
  #retry: number | undefined
  /** Whether the tab that leads is yet to be asked for a fresh attempt. */
  #restarts = false
  /** Whether the next link is to go to the server itself. */
  #missed = false
  /** Runs while others are told that all is over. */
  #parting: unknown

  constructor(options: GroupOptions) {
    const { room, feed, request } = options
    this.#options = options
    this.#memory = new Memory(request)
    this.#patience = new Patience(
      feed.clock,
      () => this.#ask(),
      () => this.#lost(),
    )
    this.#types = new TypeSet(feed.clock, feed.types, () => {
      if (this.#leading === undefined) this.#ask()
      else this.#cover()
    })
    this.#announcements = room.open('lead', (epoch) => {
      // Whom it has told something already, it knows.
      if (epoch !== this.#epoch && this.#heard(epoch as number)) this.#following?.rejoin()
    })
    const onGranted = () => {
      this.#present = true
      this.#ask()
    }
    room.hold(this.#member, this.#closed.signal, { onGranted }).catch(() => this.#fail('no-locks'))
    this.#queue()
  }

  /** The channels that other tabs read of this one's connection. */
  get channels(): readonly string[] {
    return this.#leading === undefined ? [] : this.#channels
  }

  connect(asking: Asking): Link {
    const { feed } = this.#options
    const link: TabLink = new TabLink({
      ...asking,
      types: [...asking.types, ...(this.#leading?.wants().types ?? [])],
      feed,
      wanted: () => this.#types.wanted,
      isLed: () => this.#leading === undefined,
      onRetry: (delay) => this.#heardRetry(delay),
      onItself: ({ channels }) => {
        this.#hear(this.#types.wanted, channels, true)
        this.#following?.goItself()
      },
      onRead: () => this.#ask(),
      onMissed: () => (this.#missed = true),
      onClosed: () => {
        this.#links.delete(link)
        this.#following?.delete(link)
        if (this.#links.size === 0) this.#patience.stop()
      },
    })
    this.#links.add(link)
    this.#types.look()
    if (this.#leading === undefined) {
      this.#following ??= this.#follow()
      this.#following.add(link)
      this.#patience.heard()
      this.#ask()
    }
    if (this.#leading !== undefined || this.#missed) link.goItself()
    this.#missed = false
    return link
  }

  #follow(): Following {
    const { room, feed } = this.#options
    return new Following({
      id: `${this.#member} ${(this.#count += 1)}`,
      room,
      feed,
      say: (hello) => {
        if (this.#present) room.say('desk', { ...hello, member: this.#member })
      },
      wanted: () => this.#types.wanted,
      heard: (epoch) => this.#heard(epoch),
      onTold: (told, url, reads) => this.#take(told, url, reads),
      onRetry: (delay) => this.#heardRetry(delay),
      onEnd: () => {
        this.#following = undefined
      },
    })
  }

  #heardRetry(delay: number): void {
    this.#retry = delay
    this.#leading?.tell({ retry: delay })
  }

  /** Remembers what the tab that leads said; returns what this one reads of it. */
  #take(told: Told, url: string, { types, channels }: Wants): readonly RawEvent[] {
    const { events = [], cursor, start } = told
    const { feed, request } = this.#options
    const memory = this.#memory
    const { hears } = memory
    this.#channels = told.channels ?? this.#channels
    // What it had read by itself is told once more.
    if (start !== undefined && memory.known !== undefined) memory.forget()
    if (cursor && events.length === 0) memory.mark(cursor)
    const isExact = start !== undefined || feed.transport.hearsEveryType
    const wants = { types, channels: told.channels ? new Set(told.channels) : hears.channels }
    memory.cover(wants, isExact ? memory.cursor : undefined)
    const wanted = events.filter((event) => isFor(event, wants))
    const came = cameBy(url, wanted, request.labelled ? feed.channelsOf : undefined)
    memory.remember(came, cursor)
    return this.#mine(came, channels)
  }

  /** Hands events to the other tabs; returns those that are for this one. */
  relay(events: readonly RawEvent[], url: string): readonly RawEvent[] {
    // What it is told is remembered already.
    if (this.#following?.follows) return events
    const { feed, request } = this.#options
    const came = cameBy(url, events, request.labelled ? feed.channelsOf : undefined)
    const cursor = feed.lastEventId()
    const remember = () => this.#memory.remember(came, cursor)
    if (this.#leading === undefined) remember()
    else this.#leading.relay(url, remember)
    return this.#leading === undefined ? events : this.#mine(came, feed.channels())
  }

  #mine(came: readonly Came[], channels: ReadonlySet<string>): RawEvent[] {
    const all = new Set(this.#channels)
    const { request } = this.#options
    return came.filter(({ of }) => request.isFor(of, channels, all)).map(({ event }) => event)
  }

  skipped(size: number): void {
    this.#leading?.tell({ skipped: size })
  }

  opened(isBehind: boolean): void {
    if (isBehind) this.#memory.overlap()
    if (this.#leading === undefined) return
    this.#cover()
    if (this.#options.state().status === 'open') this.#leading.stands()
  }

  /** All that comes from now on is new. */
  caughtUp(): void {
    if (this.#memory.known === undefined) return
    this.#memory.settle(this.#options.feed.lastEventId())
    this.#leading?.stands()
  }

  stands(): void {
    this.#leading?.stands()
  }

  /** This tab reads other event types. */
  reads(): void {
    this.#types.look()
  }

  /** Somebody new wants it. */
  hurry(): void {
    this.#ask('start')
  }

  /** The next attempt is to be a fresh one. */
  refresh(): void {
    this.#restarts = this.#leading === undefined
  }

  /** All is over: lets go of the lock once all who follow know it, lest they ask the server too. */
  part(): void {
    this.#parting = schedule(this.#options.feed.clock, () => this.close(), PARTING)
    this.#part()
  }

  /** Lets go of everything; attempts that are under way ask anew, where they are to go on without the others. */
  close(outcome?: Elsewhere): void {
    if (this.#parting !== undefined) this.#options.feed.clock.clearTimeout(this.#parting)
    this.#closed.abort()
    this.#claim.abort()
    this.#announcements.close()
    this.#types.dispose()
    this.#leading?.close()
    this.#leading = undefined
    this.#each((link) => {
      if (outcome === undefined) link.close()
      else link.end(outcome)
    })
  }

  #part(): void {
    if (!this.#leading?.isFollowed) this.close()
  }

  #queue(): void {
    const { room } = this.#options
    this.#claim.abort()
    const claim = (this.#claim = new AbortController())
    let granted = false
    const onGranted = () => {
      granted = true
      this.#granted()
    }
    room.hold('lead', claim.signal, { steal: this.#stealing, onGranted }).catch(() => {
      if (claim.signal.aborted) return
      if (granted) this.#wasRobbed()
      else this.#fail('no-locks')
    })
  }

  #granted(): void {
    const { room, feed, state, onRole } = this.#options
    onRole('leads', this.#stealing ? 'silent' : this.#epoch > 0 ? 'left' : 'free')
    this.#stealing = false
    this.#patience.stop()
    // What the others read may not show when it has caught up.
    if (this.#memory.known !== undefined) this.#memory.forget()
    this.#leading = new Leading({
      after: this.#epoch,
      room,
      feed,
      memory: this.#memory,
      state,
      retry: () => this.#retry,
      isOurs: () => room.holdsBoth('lead', this.#member),
      onWants: (wants) => (this.#parting === undefined ? this.#regroup(wants) : this.#part()),
    })
    this.#following?.close()
    if (this.#links.size === 0) feed.start()
    this.#cover()
    this.#each((link) => link.lead())
  }

  #wasRobbed(): void {
    this.#robberies += 1
    this.#patience.grow()
    this.#epoch = this.#leading?.epoch ?? this.#epoch
    this.#leading?.close()
    this.#leading = undefined
    // What was to be said and remembered, was not.
    this.#memory.forget()
    this.#queue()
    this.#options.onRole('follows', 'robbed')
    this.#each((link) => link.end({ kind: 'handover' }))
  }

  /** The tab that leads does not answer. */
  #lost(): void {
    // Two that do not hear each other would rob each other without end.
    if (this.#robberies > ENOUGH) return this.#fail('unheard')
    if (this.#stealing) return this.#fail('no-locks')
    this.#stealing = true
    this.#queue()
    this.#patience.heard()
  }

  #fail(because: TabReason): void {
    if (!this.#closed.signal.aborted) this.#options.onAlone(because)
  }

  /** The tab that leads was heard; `false` where it leads no more. */
  #heard(epoch: number): boolean {
    if (this.#leading !== undefined || !(epoch >= this.#epoch)) return false
    if (this.#epoch === 0) this.#options.onRole('follows', 'taken')
    this.#epoch = epoch
    this.#robberies = 0
    if (this.#links.size > 0) this.#patience.heard()
    return true
  }

  /** Does something to each link that there is now: it may bring others. */
  #each(run: (link: TabLink) => void): void {
    const links = [...this.#links]
    for (const link of links) run(link)
  }

  /** Says where it is. */
  #ask(wish?: Hello['wish']): void {
    if (!this.#present) return
    this.#following?.ask(wish ?? (this.#restarts ? 'restart' : ''))
    this.#restarts = false
  }

  /** The tabs that follow read something else. */
  #regroup({ types, channels }: Wants): void {
    const more = channels.difference(new Set(this.#channels))
    this.#channels = [...channels]
    for (const link of this.#links) link.listen(types)
    this.#cover()
    this.#options.feed.regroup(more)
  }

  /** Remembers from here on what the connection of this tab brings. */
  #cover(): void {
    const { feed } = this.#options
    const others = this.#leading?.wants().types ?? []
    const types = feed.transport.hearsEveryType ? ['*'] : [...this.#types.wanted, ...others]
    // A connection that is told of a type late may have dropped what came since the cursor.
    const isLate = !feed.transport.hearsEveryType && [...this.#links].some(({ isOwn }) => isOwn)
    this.#hear(types, feed.heard(), !isLate)
  }

  #hear(types: Iterable<string>, channels: Iterable<string>, isExact: boolean): void {
    const wants = { types: new Set(types), channels: new Set(channels) }
    this.#memory.cover(wants, isExact ? this.#options.feed.lastEventId() : undefined)
  }
}

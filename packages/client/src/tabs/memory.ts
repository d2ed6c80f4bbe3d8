import { RESET, type RawEvent } from '../event.ts'
import { isWithin } from '../stream/channel-name.ts'
import type { Came } from './came.ts'
import type { KnownRequest } from './known-request.ts'

/** How many events are remembered at the least, if they are not too long. */
const LENGTH = 1_024
/** How many characters of data are remembered, if they are. */
const SIZE = 1_048_576

/** These event types, `'*'` for all, of these channels. */
export interface Wants {
  readonly types: ReadonlySet<string>
  readonly channels: ReadonlySet<string>
}

/**
 * How far the cursor came, by which event if by one, and what was heard on the way there: where that changed meanwhile,
 * one after the other. Only what each of these has was heard all the way.
 */
interface Entry {
  readonly id: string
  readonly came: Came | undefined
  readonly heard: readonly Wants[]
}

/** What a tab has had lately, so that one that leads can tell the others what they have not. */
export class Memory {
  readonly #request: KnownRequest
  #entries: Entry[] = []
  #size = 0
  #cursor = ''
  /**
   * Set while a connection that is behind the one before catches up: what the one before heard too. All of that comes when
   * it is new; of the rest, what comes may be older than what is remembered.
   */
  #known: Wants | undefined
  /** What is heard now; and since the last entry. */
  #hears: readonly [Wants] = [{ types: new Set(), channels: new Set() }]
  #heard: readonly Wants[] = this.#hears
  /** The last event of each type and channel, the newest last. */
  readonly #latest = new Map<string, Came>()

  constructor(request: KnownRequest) {
    this.#request = request
  }

  /** The cursor after all that was heard. */
  get cursor(): string {
    return this.#cursor
  }

  /** The channels of which all that comes is new, as long as what comes of others may be older. */
  get known(): ReadonlySet<string> | undefined {
    return this.#known?.channels
  }

  /** What is heard now. */
  get hears(): Wants {
    return this.#hears[0]
  }

  /** From this cursor on, all of this is remembered; without one, from the next event on. */
  cover(wants: Wants, cursor?: string): void {
    const [hears] = this.#hears
    if (isSame(hears, wants)) return
    const isExact = cursor !== undefined && this.#known === undefined
    if (isExact) this.#push(cursor)
    this.#hears = [wants]
    this.#heard = isExact ? this.#hears : [...this.#heard, wants]
  }

  /** Nothing is known of what was before. */
  forget(): void {
    this.#entries = []
    this.#size = 0
    this.#cursor = ''
    this.#known = undefined
  }

  /**
   * A connection has taken over that is behind the one before. What it brings of what only it hears has no place among
   * what has come, until it brings something new of what both hear.
   */
  overlap(): void {
    this.#known ??= this.hears
  }

  /** The cursor has come as far, by these and whatever else; gives those that have a place. */
  remember(all: readonly Came[], cursor: string | undefined): Came[] {
    if (all.some(({ event }) => event.type === RESET)) this.forget()
    const placed = all.filter((came) => this.#add(came))
    if (cursor !== undefined && this.#known === undefined) this.mark(cursor)
    return placed
  }

  /** The cursor has come as far, by whatever event. */
  mark(cursor: string): void {
    if (cursor !== this.cursor) this.#push(cursor)
  }

  /** Whoever has come as far as this cursor has missed nothing that is heard now. */
  settle(cursor: string): void {
    this.#known = undefined
    this.#push(cursor)
  }

  /** What came after this cursor of what is wanted; `undefined` where that is not known. */
  after(cursor: string, wants: Wants): Came[] | undefined {
    const at = this.#entries.findLastIndex(({ id }) => this.#equal(id, cursor))
    if (at === -1) return undefined
    const since = this.#entries.slice(at + 1)
    const heard = [...since.flatMap((entry) => entry.heard), ...this.#heard]
    if (!heard.every((had) => covers(had, wants))) return undefined
    return since.flatMap((entry) => {
      const { came } = entry
      return came && isFor(came.event, wants) && this.#isHeard(came, entry) ? [came] : []
    })
  }

  /** The last event of each type and channel, the newest first. */
  latest(wants: Wants): Came[] {
    return [...this.#latest.values()].filter(({ event }) => isFor(event, wants)).toReversed()
  }

  /** Whether it is of what is heard now: of a channel that is heard no more, others may have come since. */
  #isHeard({ of }: Came, { heard }: Entry): boolean {
    const { channels } = this.hears
    return heard.every((had) => this.#request.isFor(of, channels, had.channels))
  }

  #add(came: Came): boolean {
    const { event, of } = came
    const { type, id } = event
    const key = [type, ...of].join('\n')
    this.#latest.delete(key)
    this.#latest.set(key, came)
    if (this.#latest.size > LENGTH) this.#latest.delete([...this.#latest.keys()][0] ?? '')
    if (this.#known && !(isFor(event, this.#known) && isOf(of, this.#known))) return false
    if (id === undefined) return true
    this.#known = undefined
    this.#push(id, came)
    return true
  }

  /** Whether two cursors are at the same place, by whichever requests. */
  #equal(one: string, other: string): boolean {
    return one === other || (this.#request.labelled && withoutLabel(one) === withoutLabel(other))
  }

  #push(id: string, came?: Came): void {
    this.#cursor = id
    this.#entries.push({ id, came, heard: this.#heard })
    this.#heard = this.#hears
    this.#size += sizeOf(came)
    // Half of it goes at a time, so that an event costs no copying.
    if (this.#entries.length < 2 * LENGTH && this.#size < 2 * SIZE) return
    this.#entries = this.#entries.slice(this.#entries.length / 2)
    this.#size = this.#entries.reduce((size, { came }) => size + sizeOf(came), 0)
  }
}

/** Whether an event is of a type that is wanted; who reads the channels, looks at those. */
export function isFor({ type }: Pick<RawEvent, 'type'>, { types }: Pick<Wants, 'types'>): boolean {
  return types.has(type) || types.has('*')
}

function isOf(channels: readonly string[], wants: Wants): boolean {
  return channels.length === 0 || channels.some((channel) => isWithin(channel, wants.channels))
}

export function isSame(one: Wants, other: Wants): boolean {
  return (
    one.types.symmetricDifference(other.types).size === 0 &&
    one.channels.symmetricDifference(other.channels).size === 0
  )
}

/** Whether who has had the one has had the other. */
function covers(one: Wants, other: Wants): boolean {
  const all = one.types.has('*') || other.types.isSubsetOf(one.types)
  return all && [...other.channels].every((channel) => isWithin(channel, one.channels))
}

function sizeOf(came: Came | undefined): number {
  return came?.event.data.length ?? 0
}

function withoutLabel(id: string): string {
  return id.slice(id.indexOf('@') + 1)
}

import type { RawEvent } from '../event.ts'
import { isWithin } from '../stream/channel-name.ts'

/** How many events are remembered at the least, if they are not too long. */
const LENGTH = 1_024
/** How many characters of data are remembered, if they are. */
const SIZE = 1_048_576

/** These event types, `'*'` for all, of these channels. */
export interface Wants {
  readonly types: ReadonlySet<string>
  readonly channels: ReadonlySet<string>
}

/** How far the cursor came, by which event, and all that was heard on the way there: what all of these have. */
interface Entry {
  readonly id: string
  readonly event: RawEvent | undefined
  readonly heard: readonly Wants[]
}

/** What a tab has had lately, so that one that leads can tell the others what they have not. */
export class Memory {
  readonly #labelled: boolean
  #entries: Entry[] = []
  #size = 0
  /** What is heard now; and since the last entry. */
  #hears: readonly [Wants] = [{ types: new Set(), channels: new Set() }]
  #heard: readonly Wants[] = this.#hears
  /** The last event of each type and channel, the newest last. */
  readonly #latest = new Map<string, RawEvent>()

  /** @param labelled Whether ids begin with the channels of the request that they came by. */
  constructor(labelled: boolean) {
    this.#labelled = labelled
  }

  /** The cursor after all that is remembered. */
  get cursor(): string {
    return this.#entries.at(-1)?.id ?? ''
  }

  /** From this cursor on, all of this is remembered; without one, from the next event on. */
  cover(wants: Wants, cursor?: string): void {
    const [hears] = this.#hears
    if (covers(hears, wants) && covers(wants, hears)) return
    // A connection that takes over may begin where others are past: what is known of that way comes but once.
    const isBack = cursor !== this.cursor && this.#entries.some(({ id }) => id === cursor)
    const isExact = cursor !== undefined && !isBack
    if (isExact) this.#push(cursor)
    this.#hears = [wants]
    this.#heard = isExact ? this.#hears : [...this.#heard, wants]
  }

  /** Nothing is known of what was before. */
  forget(): void {
    this.#entries = []
    this.#size = 0
  }

  add(event: RawEvent, channels: readonly string[]): void {
    const { type, id } = event
    const key = channels.length === 0 ? type : [type, ...channels].join('\n')
    this.#latest.delete(key)
    this.#latest.set(key, event)
    if (this.#latest.size > LENGTH) this.#latest.delete([...this.#latest.keys()][0] ?? '')
    if (id !== undefined) this.#push(id, event)
  }

  /** The cursor has come as far, by whatever event. */
  mark(cursor: string): void {
    if (cursor !== this.cursor) this.#push(cursor)
  }

  /** Whoever has come as far as this cursor has missed nothing that is heard now. */
  settle(cursor: string): void {
    this.#push(cursor)
  }

  /** What came after this cursor of what is wanted; `undefined` where that is not known. */
  after(cursor: string, wants: Wants): RawEvent[] | undefined {
    const at = this.#entries.findLastIndex(({ id }) => this.#equal(id, cursor))
    const since = this.#entries.slice(at + 1)
    const heard = [...since.flatMap((entry) => entry.heard), ...this.#heard]
    if (at === -1 || !heard.every((had) => covers(had, wants))) return undefined
    return since.flatMap(({ event }) => (event && isFor(event, wants) ? [event] : []))
  }

  /** The last event of each type and channel, the newest first. */
  latest(wants: Wants): RawEvent[] {
    return [...this.#latest.values()].filter((event) => isFor(event, wants)).toReversed()
  }

  /** Whether two cursors are at the same place, by whichever requests. */
  #equal(one: string, other: string): boolean {
    return one === other || (this.#labelled && withoutLabel(one) === withoutLabel(other))
  }

  #push(id: string, event?: RawEvent): void {
    this.#entries.push({ id, event, heard: this.#heard })
    this.#heard = this.#hears
    this.#size += event?.data.length ?? 0
    // Half of it goes at a time, so that an event costs no copying.
    if (this.#entries.length < 2 * LENGTH && this.#size < 2 * SIZE) return
    this.#entries = this.#entries.slice(this.#entries.length / 2)
    this.#size = this.#entries.reduce((size, { event }) => size + (event?.data.length ?? 0), 0)
  }
}

/** Whether an event is of a type that is wanted; who reads the channels, looks at those. */
export function isFor({ type }: RawEvent, { types }: Pick<Wants, 'types'>): boolean {
  return types.has(type) || types.has('*')
}

/** Whether who has had the one has had the other. */
function covers(one: Wants, other: Wants): boolean {
  const all = one.types.has('*') || other.types.isSubsetOf(one.types)
  return all && [...other.channels].every((channel) => isWithin(channel, one.channels))
}

function withoutLabel(id: string): string {
  return id.slice(id.indexOf('@') + 1)
}

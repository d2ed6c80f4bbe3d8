import { parsePosition } from './log/position.ts'
import type { LogEntry } from './log/replay.ts'
import type { LiveSession } from './session.ts'

/** An event as it is on the wire. */
export interface Item {
  readonly text: string
  /** Its place in the order of what is published; `undefined` where it is for one session alone. */
  readonly position: string | undefined
  /** What of it may go out before a replay that is still to come: it moves no cursor. */
  readonly aside: string | undefined
}

/** Sessions that hear the same channels: they share every byte. */
export interface Group {
  readonly channels: readonly string[]
  readonly seats: Map<LiveSession, Seat>
  pending: Item[]
}

/** A session's place in its group; what it does not share with the others waits here until the flush. */
export class Seat {
  readonly group: Group
  /** Live events wait behind a replay that is still being read. */
  held: boolean
  /** The replay that is going out, page by page. */
  replay: object | undefined
  /** Characters in the list of its own. */
  waiting = 0
  #own: Item[] | undefined
  /** How much of the group's list is in it. */
  #seen: number

  constructor(group: Group, held: boolean) {
    this.group = group
    this.held = held
    this.#seen = group.pending.length
    // What waits in the group was published before it came.
    if (held || this.#seen > 0) this.#own = []
  }

  /** Whether it gets the same as the others of its group. */
  get shares(): boolean {
    return this.#own === undefined
  }

  /** Puts an event after all that it has got so far. */
  add(item: Item): void {
    this.#catchUp().push(item)
    this.waiting += item.text.length
  }

  /**
   * Of a replay, what is to come before what has come live after a position, and before what is for this session alone;
   * what is in both stays where it came.
   */
  join(replay: readonly LogEntry[], position: string): readonly LogEntry[] {
    const [, upTo] = parsePosition(position)
    const own = this.#catchUp().filter(
      (item) => !item.position || !(parsePosition(item.position)[1] <= upTo),
    )
    this.#own = own
    const live = new Set(own.map(({ position }) => position))
    return replay.filter(({ position }) => !live.has(position))
  }

  /** Goes on live, after these. */
  release(items: readonly Item[]): void {
    this.#own = [...items, ...this.#catchUp()]
    this.held = false
    this.replay = undefined
  }

  /** Takes what waits, up to now. */
  take(): Item[] {
    const own = this.#catchUp()
    this.#own = []
    this.waiting = 0
    return own
  }

  /** The group's list is about to be emptied: goes on with it from its start. */
  turn(): void {
    if (this.held) this.#catchUp()
    else this.#own = undefined
    this.#seen = 0
  }

  #catchUp(): Item[] {
    const { pending } = this.group
    this.#own ??= []
    for (; this.#seen < pending.length; this.#seen += 1) {
      const item = pending[this.#seen]
      if (!item) continue
      this.#own.push(item)
      this.waiting += item.text.length
    }
    return this.#own
  }
}

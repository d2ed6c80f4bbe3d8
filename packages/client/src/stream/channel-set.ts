import type { Clock } from '../clock.ts'
import { failure } from '../failure.ts'
import { createTimer, type Timer } from '../timer.ts'
import { ancestors, covering, isWithin } from './channel-name.ts'
import type { AskedChannels } from './reader.ts'

export interface ChannelSetOptions {
  readonly clock: Clock
  /** Milliseconds for which a channel stays in the set after its last reader. */
  readonly linger: number
  /** The channels that are read now. */
  readonly read: () => Iterable<string>
  /** Those that are asked for too where a request has room for them: what other tabs read. */
  readonly others: () => Iterable<string>
  /** How many characters a URL that asks for these channels might still have; below 0 it is too long. */
  readonly room: (asked: AskedChannels) => number
  /** The set is another one: the request under way does not ask for it. */
  readonly onChange: () => void
}

/** A character of a name takes no more in a URL than this many, and all else of a channel no more than that. */
const [CHARACTER, PARAMETER] = [9, 256]

/** The channels that one connection asks for: those that are read, and for a while those that were. */
export class ChannelSet {
  readonly #options: ChannelSetOptions
  #kept = new Set<string>()
  #asked: readonly string[] = []
  #heard: readonly string[] = []
  /** What is not asked for again before somebody new would read it. */
  readonly #refused = new Set<string>()
  /** What is left of the URL's length at the least. */
  #room = 0
  #growing = false
  readonly #shrinking: Timer

  constructor(options: ChannelSetOptions) {
    this.#options = options
    this.#shrinking = createTimer(options.clock)
  }

  /** What the newest attempt asked for. */
  get asked(): readonly string[] {
    return this.#asked
  }

  /** What the attempt in use asked for. */
  get heard(): readonly string[] {
    return this.#heard
  }

  /** Throws where one request cannot ask for this channel too. */
  check(channel: string): void {
    // To make the URL at each of many channels would cost their square.
    this.#room -= CHARACTER * channel.length + PARAMETER
    if (this.#room >= 0) return
    const channels = covering([...this.#options.read(), channel])
    this.#room = this.#options.room({ channels, added: [] })
    if (this.#room >= 0) return
    throw failure(
      'invalid-argument',
      `Cannot read channel "${channel}" too: the URL that asks for ${channels.length} channels would be too long.`,
      {},
      'channels',
    )
  }

  /** The fewest channels that hold the set, for a request that is made now; `taking over` where another is in use. */
  ask({ takingOver }: { readonly takingOver: boolean }): AskedChannels {
    this.#asked = this.#wanted()
    const added = takingOver ? this.#new() : []
    const asked = { channels: this.#asked, added }
    return this.#options.room(asked) >= 0 ? asked : { ...asked, added: [] }
  }

  /** Whether somebody reads what is heard, and would be no more by what was asked for. */
  leavesOut(): boolean {
    const [heard, asked] = [new Set(this.#heard), new Set(this.#asked)]
    return this.#wanted().some((name) => isWithin(name, heard) && !isWithin(name, asked))
  }

  /** What was asked for is heard from now on. */
  opened(): void {
    this.#heard = this.#asked
  }

  /** The server refuses what was asked for: it is heard as before. Whether a channel is left out by that. */
  refuse(): (channel: string) => boolean {
    const all = new Set(this.#heard)
    const heard = (channel: string) => isWithin(channel, all)
    for (const channel of this.#asked) if (!heard(channel)) this.#refused.add(channel)
    this.#asked = this.#heard
    // What came into use meanwhile was not asked for yet.
    if (!this.#wanted().every(heard)) this.grow()
    return (channel) => channel !== '' && !heard(channel)
  }

  /** Somebody wants to know anew whether the server refuses. */
  forgive(): void {
    this.#refused.clear()
  }

  /** Somebody reads other channels. The changes of one microtask are one change. */
  grow(...channels: string[]): void {
    for (const channel of channels) this.#refused.delete(channel)
    if (this.#growing) return
    this.#growing = true
    queueMicrotask(() => {
      this.#growing = false
      this.#compare()
    })
  }

  /** Somebody reads a channel no more. */
  shrink(): void {
    if (this.#shrinking.due()) return
    const settle = () => {
      this.#kept.clear()
      this.#compare()
    }
    this.#shrinking.set(settle, this.#options.linger)
  }

  dispose(): void {
    this.#shrinking.clear()
  }

  #compare(): void {
    if (this.#wanted().join('\n') !== this.#asked.join('\n')) this.#options.onChange()
  }

  /** What is read and what was; where that is too much for one request, what is read, and at the least what is here. */
  #wanted(): readonly string[] {
    const { read, others, room } = this.#options
    const own = [...read()]
    const all = [...own, ...others()]
    for (const channel of all) this.#kept.add(channel)
    const sets = [this.#kept, all, own]
    this.#kept = new Set(
      sets.find((fewer) => room({ channels: this.#asking(fewer), added: [] }) >= 0) ?? own,
    )
    return this.#asking(this.#kept)
  }

  #asking(channels: Iterable<string>): readonly string[] {
    return covering([...channels].filter((channel) => !this.#refused.has(channel)))
  }

  /** What is asked for that was not heard: no parent, no child, nor itself. */
  #new(): readonly string[] {
    const heard = new Set(this.#heard)
    const parents = new Set(this.#heard.flatMap(ancestors))
    return this.#asked.filter((channel) => !isWithin(channel, heard) && !parents.has(channel))
  }
}

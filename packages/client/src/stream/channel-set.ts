import { schedule, type Clock } from '../clock.ts'
import { covering } from './channel.ts'

export interface ChannelSetOptions {
  readonly clock: Clock
  /** Milliseconds for which a channel stays in the set after its last reader. */
  readonly linger: number
  /** The channels that are read now. */
  readonly read: () => Iterable<string>
  /** The set is another one: the request under way does not ask for it. */
  readonly onChange: () => void
}

/** The channels that one connection asks for: those that are read, and for a while those that were. */
export class ChannelSet {
  readonly #options: ChannelSetOptions
  #kept = new Set<string>()
  #asked = ''
  #growing = false
  #shrinking: unknown

  constructor(options: ChannelSetOptions) {
    this.#options = options
  }

  /** The fewest channels that hold the set, for a request that is made now. */
  ask(): string[] {
    for (const channel of this.#options.read()) this.#kept.add(channel)
    const channels = covering([...this.#kept]).toSorted()
    this.#asked = channels.join('\n')
    return channels
  }

  /** Somebody reads another channel. The changes of one microtask are one change. */
  grow(): void {
    if (this.#growing) return
    this.#growing = true
    queueMicrotask(() => {
      this.#growing = false
      for (const channel of this.#options.read()) this.#kept.add(channel)
      this.#compare()
    })
  }

  /** Somebody reads a channel no more. */
  shrink(): void {
    if (this.#shrinking !== undefined) return
    const settle = () => {
      this.#shrinking = undefined
      this.#kept = new Set(this.#options.read())
      this.#compare()
    }
    this.#shrinking = schedule(this.#options.clock, settle, this.#options.linger)
  }

  dispose(): void {
    if (this.#shrinking !== undefined) this.#options.clock.clearTimeout(this.#shrinking)
    this.#shrinking = undefined
  }

  #compare(): void {
    const wanted = covering([...this.#kept])
      .toSorted()
      .join('\n')
    if (wanted !== this.#asked) this.#options.onChange()
  }
}

import type { Clock } from '../clock.ts'
import type { RedisClient } from './client.ts'
import { Link } from './link.ts'

/** What an attachment is made with. */
export interface AttachmentOptions {
  readonly client: RedisClient
  readonly clock: Clock
  /** Milliseconds Redis has to answer. */
  readonly timeout: number
  /** Uses a link until it breaks: never resolves. */
  readonly use: (link: Link) => Promise<never>
  /** There is no link any more, or not yet. */
  readonly lost: (cause: Error) => void
}

// Milliseconds before the second attempt; each further one waits twice as long.
const FIRST_DELAY = 50
const LONGEST_DELAY = 2_000
// Milliseconds after which a link counts as a good one: the next that breaks is missed at once.
const LASTING = 1_000

/** Keeps linked to Redis for as long as it is open: where a link breaks, it makes another. */
export class Attachment {
  readonly #options: AttachmentOptions
  #link: Link | undefined
  #closed = false
  #failures = 0
  /** Ends the pause between two attempts. */
  #wake: () => void = () => {}
  readonly #ended: Promise<void>

  constructor(options: AttachmentOptions) {
    this.#options = options
    this.#ended = this.#run()
  }

  /** Resolves when nothing of it is left. */
  close(): Promise<void> {
    this.#closed = true
    this.#link?.break(new Error('the provider was closed'))
    this.#wake()
    return this.#ended
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      // oxlint-disable no-await-in-loop -- one link after the other
      const cause = await this.#once()
      if (this.#closed) return
      this.#options.lost(cause)
      await this.#pause()
    }
  }

  async #once(): Promise<Error> {
    const { clock, use } = this.#options
    const link = new Link(this.#options)
    this.#link = link
    let openedAt = Infinity
    try {
      await link.open()
      openedAt = clock.now()
      return await use(link)
    } catch (cause) {
      link.break(cause as Error)
      if (clock.now() - openedAt >= LASTING) this.#failures = 0
      return cause as Error
    }
  }

  #pause(): Promise<void> {
    const { clock } = this.#options
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures)
    this.#failures += 1
    return new Promise((resolve) => {
      // Not all processes that lost Redis come back to it at once.
      const timer = clock.setTimeout(resolve, longest * (0.5 + Math.random() / 2))
      this.#wake = () => {
        clock.clearTimeout(timer)
        resolve()
      }
    })
  }
}

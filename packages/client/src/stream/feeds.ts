import { signal } from '@preact/signals-core'
import { StreamError } from '../errors.ts'
import type { Feed } from './feed.ts'

/** The feeds of a pool: one for each request in use. */
export class Feeds {
  readonly #feeds = new Map<string, Feed>()
  /** Moves whenever a feed comes or goes, so that whoever looked for one in vain hears of it. */
  readonly #changes = signal(0)
  #closed = false

  /** The feed of a request, made where there is none. */
  open(key: string, make: (onReleased: () => void) => Feed): Feed {
    if (this.#closed) {
      throw new StreamError(
        'closed',
        'Cannot read the stream: its pool was closed. Make the stream in a pool that is open.',
      )
    }
    const known = this.#feeds.get(key)
    if (known !== undefined) return known
    const feed = make(() => {
      this.#feeds.delete(key)
      this.#changes.value += 1
    })
    this.#feeds.set(key, feed)
    this.#changes.value += 1
    return feed
  }

  /** The feed of a request, where it is in use; who asks in a computed signal is told when that changes. */
  find(key: string): Feed | undefined {
    void this.#changes.value
    return this.#feeds.get(key)
  }

  close(): void {
    this.#closed = true
    for (const feed of this.#feeds.values()) feed.close()
    this.#feeds.clear()
    this.#changes.value += 1
  }
}

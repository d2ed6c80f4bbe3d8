import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import { warnOfCrowd } from '#development'
import { guarded } from '../errors.ts'
import type { Feed, FeedSnapshot } from './feed.ts'

/** The feeds of a pool: one for each request in use. */
export class Feeds {
  readonly #feeds = new Map<string, Feed>()
  /** Moves whenever a feed comes or goes, so that whoever looked for one in vain hears of it. */
  readonly #changes = signal(0)
  #made = 0

  /** Every feed in use, as it stands. */
  readonly snapshots: ReadonlySignal<readonly FeedSnapshot[]> = computed(() => {
    void this.#changes.value
    return [...this.#feeds.values()].map(({ snapshot }) => snapshot.value)
  })

  /** Reads the feed of a request, made where there is none; one that refuses its first reader is not kept. */
  read(
    key: string,
    make: (id: number, onEnd: (feed: Feed) => void) => Feed,
    read: (feed: Feed) => () => void,
  ): () => void {
    const known = this.#feeds.get(key)
    if (known !== undefined) return read(known)
    this.#made += 1
    const feed = make(this.#made, (ended) => {
      if (this.#feeds.get(key) !== ended) return
      this.#feeds.delete(key)
      this.#changed()
    })
    const stop = read(feed)
    this.#feeds.set(key, feed)
    warnOfCrowd(this.#feeds)
    this.#changed()
    return stop
  }

  /** The feed of a request, where it is in use; who asks in a computed signal is told when that changes. */
  find(key: string): Feed | undefined {
    void this.#changes.value
    return this.#feeds.get(key)
  }

  /** Ends every feed; who reads later makes new ones. */
  close(): void {
    for (const feed of Array.from(this.#feeds.values())) feed.close()
  }

  #changed(): void {
    // Who watches may throw; that is not the business of who comes and goes.
    guarded(() => {
      this.#changes.value = this.#changes.peek() + 1
    })
  }
}

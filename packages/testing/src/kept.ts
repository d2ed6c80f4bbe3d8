import type { LogEntry, Replay, ReplayAnswer, ReplayQuery } from '@millrace/server'

/** A replay store that shows nothing of what was put before a reset, whatever else it goes on keeping. */
export class Kept implements Replay {
  readonly #store: Replay
  readonly #shown = new Set<string>()
  readonly #hidden = new Set<string>()

  constructor(store: Replay) {
    this.#store = store
  }

  readonly put = (entry: LogEntry): void | Promise<void> => {
    this.#shown.add(entry.position)
    return this.#store.put(entry)
  }

  readonly after = (query: ReplayQuery): ReplayAnswer | Promise<ReplayAnswer> => {
    const answer = this.#store.after(query)
    const show = (entries: ReplayAnswer): ReplayAnswer => this.#show(entries, query)
    return answer instanceof Promise ? answer.then(show) : show(answer)
  }

  /** Hides what has been put so far. */
  reset(): void {
    for (const position of this.#shown) this.#hidden.add(position)
    this.#shown.clear()
  }

  // An id that hidden entries follow is hidden itself, and so unknown.
  #show(entries: ReplayAnswer, { after }: ReplayQuery): ReplayAnswer {
    const shown = entries?.filter(({ position }) => !this.#hidden.has(position))
    return after !== undefined && shown?.length !== entries?.length ? undefined : shown
  }
}

/** One end of a channel, in a tab. */
export interface FakeEnd<Tab> extends EventTarget {
  readonly tab: Tab
  readonly name: string
}

export interface Posted<Tab> {
  readonly tab: Tab
  readonly name: string
  readonly data: unknown
}

/** The channels of a browser: https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts */
export class FakeChannels<Tab extends { readonly name: string }> {
  readonly #later: (tab: Tab, lane: string, run: () => void) => void
  readonly #ends = new Map<string, Set<FakeEnd<Tab>>>()
  /** Every message that was posted, with who posted it. */
  readonly posted: Posted<Tab>[] = []

  constructor(later: (tab: Tab, lane: string, run: () => void) => void) {
    this.#later = later
  }

  /** Those that somebody hears. */
  get names(): string[] {
    return [...this.#ends].filter(([, ends]) => ends.size > 0).map(([name]) => name)
  }

  join(end: FakeEnd<Tab>): void {
    const ends = this.#ends.get(end.name) ?? new Set()
    this.#ends.set(end.name, ends)
    ends.add(end)
  }

  part(end: FakeEnd<Tab>): void {
    this.#ends.get(end.name)?.delete(end)
  }

  post(from: FakeEnd<Tab>, message: unknown): void {
    const data: unknown = structuredClone(message)
    this.posted.push({ tab: from.tab, name: from.name, data })
    for (const end of this.#ends.get(from.name) ?? []) {
      if (end === from) continue
      this.#later(end.tab, `channel ${from.tab.name} ${end.name}`, () => {
        if (!this.#ends.get(end.name)?.has(end)) return
        end.dispatchEvent(new MessageEvent('message', { data: structuredClone(data) }))
      })
    }
  }

  bury(tab: Tab): void {
    for (const ends of this.#ends.values()) {
      for (const end of ends) if (end.tab === tab) ends.delete(end)
    }
  }
}

/** An id of the publisher's own, and the place in the order that it stands for. */
export interface Mark {
  readonly id: string
  readonly sequence: number
  readonly channels: readonly string[]
  /** Who needs it; at none it is forgotten. */
  holders: number
}

/** Where the publisher's own ids stand; ids may repeat, in one channel or across several. */
export class Marks {
  readonly #byId = new Map<string, Mark[]>()

  add(mark: Omit<Mark, 'holders'>): Mark {
    const held = { ...mark, holders: 1 }
    const mates = this.#byId.get(mark.id)
    if (mates) mates.push(held)
    else this.#byId.set(mark.id, [held])
    return held
  }

  release(mark: Mark | undefined): void {
    if (!mark || --mark.holders > 0) return
    const mates = (this.#byId.get(mark.id) ?? []).filter((mate) => mate !== mark)
    if (mates.length > 0) this.#byId.set(mark.id, mates)
    else this.#byId.delete(mark.id)
  }

  /** All places of an id, the newest last. */
  of(id: string): readonly Mark[] {
    return this.#byId.get(id) ?? []
  }

  clear(): void {
    this.#byId.clear()
  }
}

/** Something with its place in an order, which may leave the order at any time. */
export interface Placed {
  readonly sequence: number
  gone: boolean
}

/** Things in the order of their sequence: any may be taken out, and what follows a place is found by halving. */
export class Timeline<Item extends Placed> {
  #items: Item[] = []
  /** Everything before it is gone. */
  #start = 0
  #gone = 0

  get oldest(): Item | undefined {
    return this.#items[this.#start]
  }

  get length(): number {
    return this.#items.length - this.#gone
  }

  /** Takes an item that comes after all the others. */
  push(item: Item): void {
    this.#items.push(item)
  }

  remove(item: Item): void {
    item.gone = true
    this.#gone += 1
    while (this.oldest?.gone) this.#start += 1
    if (this.#gone * 2 <= this.#items.length) return
    this.#items = this.#items.filter(({ gone }) => !gone)
    this.#start = 0
    this.#gone = 0
  }

  /** The one at that place; `undefined` where there is none, or none any more. */
  at(sequence: number): Item | undefined {
    const item = this.#items[this.#firstAfter(sequence - 1)]
    return item?.sequence === sequence && !item.gone ? item : undefined
  }

  *after(sequence: number): Generator<Item> {
    for (let at = this.#firstAfter(sequence); at < this.#items.length; at += 1) {
      const item = this.#items[at]
      if (item && !item.gone) yield item
    }
  }

  #firstAfter(sequence: number): number {
    let low = this.#start
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#items[middle]?.sequence ?? Infinity) > sequence) high = middle
      else low = middle + 1
    }
    return low
  }
}

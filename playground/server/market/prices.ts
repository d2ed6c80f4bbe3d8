import { tickers, type Ticker } from '../../wire/catalogue.ts'

/** A price, what it moved by just now, and percent since the opening. */
export interface Quote {
  readonly price: number
  readonly step: number
  readonly change: number
}

/** Trades of a symbol before anybody looks. */
const MORNING = 40

interface Walk {
  readonly opening: number
  price: number
  step: number
}

/** A random walk of each symbol's price, pulled back gently to where it opened. */
export class Prices {
  readonly #random: () => number
  readonly #walks = new Map<Ticker, Walk>()

  constructor(random: () => number) {
    this.#random = random
    for (const ticker of tickers) {
      const opening = cents(8 + 232 * random() ** 2)
      this.#walks.set(ticker, { opening, price: opening, step: 0 })
      // The page is opened in the middle of the day: something has happened since the opening.
      for (let trades = 0; trades < MORNING; trades += 1) this.step(ticker)
    }
  }

  quote(ticker: Ticker): Quote {
    const { opening, price, step } = this.#walk(ticker)
    return { price, step, change: cents((price / opening - 1) * 100) }
  }

  /** Moves one price by at least a cent. */
  step(ticker: Ticker): Quote {
    const walk = this.#walk(ticker)
    const swing = (this.#random() + this.#random() - 1) * 0.012
    const pull = (walk.opening / walk.price - 1) * 0.02
    const next = cents(walk.price * (1 + swing + pull))
    const price = next === walk.price ? cents(next + (swing < 0 ? -0.01 : 0.01)) : next
    walk.step = cents(price - walk.price)
    walk.price = price
    return this.quote(ticker)
  }

  #walk(ticker: Ticker): Walk {
    const walk = this.#walks.get(ticker)
    if (walk === undefined) throw new RangeError(`Cannot quote ${ticker}: it is not traded.`)
    return walk
  }
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100
}

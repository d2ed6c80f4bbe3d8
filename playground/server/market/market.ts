import type { EventServer } from '@millrace/server'
import {
  channelOf,
  favourite,
  newsChannel,
  sectorNames,
  sectors,
  tickers,
  type Sector,
  type Ticker,
} from '../../wire/catalogue.ts'
import type { Headline, Snapshot, Tick } from '../../wire/market.ts'
import { writeHeadline } from './editor.ts'
import { Prices, type Quote } from './prices.ts'
import { pick, seededRandom } from '../random.ts'

export interface MarketOptions {
  readonly publish: EventServer['publish']
  /** The same seed trades the same. */
  readonly seed: number
  /** Hears the id of every event that was published, in order. */
  readonly onPublish?: ((id: string) => void) | undefined
}

/** Milliseconds between two beats of the market. */
const BEAT = 100
const TICKS_PER_BEAT = 3
const BEATS_PER_FAVOURITE = 7
const BEATS_PER_HEADLINE = 60
const NEWS_KEPT = 5

const sectorOf = new Map<Ticker, Sector>(
  sectorNames.flatMap((sector) => sectors[sector].map((ticker) => [ticker, sector] as const)),
)

/** A simulated market: a hundred prices that wander, and the news of them. It publishes and knows of no reader. */
export class Market {
  readonly #options: MarketOptions
  readonly #random: () => number
  readonly #prices: Prices
  readonly #quotes = new Map<Ticker, Tick>()
  #news: readonly Headline[] = []
  #timer: NodeJS.Timeout | undefined
  #beats = 0
  #seq = 0
  #recorded = { cursor: '', seq: 0 }

  constructor(options: MarketOptions) {
    this.#options = options
    this.#random = seededRandom(options.seed)
    this.#prices = new Prices(this.#random)
  }

  /** The `seq` of the newest event. */
  get published(): number {
    return this.#recorded.seq
  }

  /** Quotes every symbol once, so that whoever asks for a snapshot finds it full, and starts to trade. */
  async open(): Promise<void> {
    await Promise.all(tickers.map((ticker) => this.#trade(ticker, this.#prices.quote(ticker))))
    for (let ago = NEWS_KEPT - 1; ago >= 0; ago -= 1) {
      // oxlint-disable-next-line no-await-in-loop -- the news has an order
      await this.#report(Date.now() - ago * BEATS_PER_HEADLINE * BEAT)
    }
    this.#timer = setInterval(() => void this.#beat(), BEAT)
  }

  /** Stops trading. */
  close(): void {
    clearInterval(this.#timer)
  }

  snapshot(): Snapshot {
    const quotes = Object.fromEntries(this.#quotes) as Record<Ticker, Tick>
    return { ...this.#recorded, quotes, news: this.#news }
  }

  async #beat(): Promise<void> {
    this.#beats += 1
    const traded = Array.from({ length: TICKS_PER_BEAT }, () => pick(tickers, this.#random))
    if (this.#beats % BEATS_PER_FAVOURITE === 0) traded.push(favourite)
    const trades = traded.map((ticker) => this.#trade(ticker, this.#prices.step(ticker)))
    if (this.#beats % BEATS_PER_HEADLINE === 0) trades.push(this.#report(Date.now()))
    // The event server tells of a publish that fails.
    await Promise.allSettled(trades)
  }

  async #trade(symbol: Ticker, quote: Quote): Promise<void> {
    const tick: Tick = { symbol, ...quote, seq: (this.#seq += 1) }
    const channel = channelOf(sectorOf.get(symbol) as Sector)
    const { id } = await this.#options.publish(channel, { event: symbol, data: tick })
    this.#quotes.set(symbol, tick)
    this.#record(id, tick.seq)
  }

  async #report(at: number): Promise<void> {
    const title = writeHeadline(this.#prices, this.#random)
    const headline: Headline = { title, at, seq: (this.#seq += 1) }
    const { id } = await this.#options.publish(newsChannel, { event: 'headline', data: headline })
    this.#news = [headline, ...this.#news].slice(0, NEWS_KEPT)
    this.#record(id, headline.seq)
  }

  /** What is published and where it left the market are one step: a snapshot never falls between them. */
  #record(cursor: string | undefined, seq: number): void {
    if (cursor === undefined) return
    this.#recorded = { cursor, seq }
    this.#options.onPublish?.(cursor)
  }
}

import type { Ticker } from './catalogue.ts'

/** A trade: the payload of an event whose type is the symbol. */
export interface Tick {
  readonly symbol: Ticker
  readonly price: number
  /** What the price moved by with this trade. */
  readonly step: number
  /** Percent since the market opened. */
  readonly change: number
  /** Counts everything that is published, so that a reader can tell what it missed. */
  readonly seq: number
}

/** The payload of a `headline` event. */
export interface Headline {
  readonly title: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly seq: number
}

/** The market as it stood after one event, sent with the page: the stream goes on from its cursor. */
export interface Snapshot {
  readonly cursor: string
  readonly seq: number
  readonly quotes: Readonly<Record<Ticker, Tick>>
  /** The newest first. */
  readonly news: readonly Headline[]
}

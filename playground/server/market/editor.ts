import { sectorNames, sectors, type Sector } from '../../wire/catalogue.ts'
import type { Prices } from './prices.ts'
import { pick } from '../random.ts'

/** Writes a headline about whoever moved furthest in one sector, so that the news and the board agree. */
export function writeHeadline(prices: Prices, random: () => number): string {
  const sector: Sector = pick(sectorNames, random)
  const movers = sectors[sector].map((ticker) => ({ ticker, ...prices.quote(ticker) }))
  const [leader] = movers.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change))
  if (leader === undefined) throw new RangeError(`Cannot write of ${sector}: nothing is traded.`)
  const { ticker, change, price } = leader
  const percent = `${Math.abs(change).toFixed(1)}%`
  return pick(
    change < 0 ? falling : rising,
    random,
  )({
    ticker,
    percent,
    price: price.toFixed(2),
    sector: sector.charAt(0).toUpperCase() + sector.slice(1),
  })
}

interface Facts {
  readonly ticker: string
  readonly percent: string
  readonly price: string
  readonly sector: string
}

type Template = (facts: Facts) => string

const rising: readonly Template[] = [
  ({ sector, ticker, percent }) => `${sector}: ${ticker} leads the sector, up ${percent}`,
  ({ ticker, percent, price }) => `${ticker} climbs ${percent} to ${price} on full order books`,
  ({ ticker, price }) => `Buyers keep ${ticker} above ${price}`,
  ({ sector, ticker, percent }) => `${ticker} gains ${percent}; ${sector} desks ask for more`,
]

const falling: readonly Template[] = [
  ({ sector, ticker, percent }) => `${sector}: ${ticker} trails the sector, down ${percent}`,
  ({ ticker, percent, price }) => `${ticker} slips ${percent} to ${price} in thin trading`,
  ({ ticker, price }) => `Sellers push ${ticker} to ${price}`,
  ({ sector, ticker, percent }) => `${ticker} sheds ${percent}; ${sector} desks wait for a floor`,
]

import { memo, type NamedExoticComponent } from 'react'
import { useEventStream } from 'millrace/react'
import { channelOf, type Sector, type Ticker } from '../../wire/catalogue.ts'
import { formatChange, formatPrice, trendOf, trendOfChange } from '../format.ts'
import { market } from './market-stream.ts'
import { snapshot } from './snapshot.ts'

interface CellProps {
  readonly sector: Sector
  readonly ticker: Ticker
}

/** One symbol. It reads its sector's channel, and of that the events of its own type: no other re-renders it. */
export const Cell: NamedExoticComponent<CellProps> = memo(function Cell({ sector, ticker }) {
  const live = useEventStream(market.channel(channelOf(sector)), {
    event: ticker,
    select: (event) => event.data,
  })
  const { price, change, step, seq } = live ?? snapshot.quotes[ticker]
  return (
    <li className="cell" data-ticker={ticker}>
      <span className="ticker">{ticker}</span>
      {/* A new key is a new element, and so a new flash. */}
      <span className="price" key={seq} data-flash={live && trendOf(step)}>
        {formatPrice(price)}
      </span>
      <span className="change" data-trend={trendOfChange(change)}>
        {formatChange(change)}
      </span>
    </li>
  )
})

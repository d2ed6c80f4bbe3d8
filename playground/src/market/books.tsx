import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { Figure } from '../flow/figure.tsx'
import { formatCount } from '../format.ts'
import { ledger } from './ledger.ts'
import { marketServer } from './market-server.ts'

/** Events that may be between a look at the server and the next event here, with nothing wrong. */
const LAG = 10

/** What this page has received, held against what the server has published. */
export function Books(): ReactElement {
  const { received, missed, doubled, last = 0 } = useStore(ledger)
  const published = useStore(marketServer.status)?.published ?? 0
  return (
    <>
      <dl>
        <Figure name="received" label="Received">
          {formatCount(received)}
        </Figure>
        <Figure name="behind" label="Behind" alarm={published - last > LAG}>
          {formatCount(Math.max(0, published - last))}
        </Figure>
        <Figure name="missed" label="Missed" alarm={missed > 0}>
          {formatCount(missed)}
        </Figure>
        <Figure name="doubled" label="Doubled" alarm={doubled > 0}>
          {formatCount(doubled)}
        </Figure>
      </dl>
      <p className="note">
        Every event has a number. Break the stream, and see that none is missed and none comes
        twice.
      </p>
    </>
  )
}

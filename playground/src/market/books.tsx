import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { BookFigures } from '../flow/book-figures.tsx'
import { Figure } from '../flow/figure.tsx'
import { formatCount } from '../format.ts'
import { ledger } from './ledger.ts'
import { marketServer } from './market-server.ts'

/** Events that may be between a look at the server and the next event here, with nothing wrong. */
const LAG = 10

/** What this page has received, held against what the server has published. */
export function Books(): ReactElement {
  const book = useStore(ledger)
  const published = useStore(marketServer.status)?.published ?? 0
  const behind = Math.max(0, published - (book.last ?? 0))
  return (
    <>
      <dl>
        <BookFigures {...book} />
        <Figure name="behind" label="Behind" alarm={behind > LAG}>
          {formatCount(behind)}
        </Figure>
      </dl>
      <p className="note">
        Every event has a number. Break the stream, and see that none is missed and none comes
        twice.
      </p>
    </>
  )
}

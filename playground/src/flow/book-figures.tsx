import type { ReactElement } from 'react'
import { formatCount } from '../format.ts'
import type { Book } from './book.ts'
import { Figure } from './figure.tsx'

/** What has come, what is missing in it, and what came twice; in a `<dl>`. */
export function BookFigures({ received, missed, doubled }: Book): ReactElement {
  return (
    <>
      <Figure name="received" label="Received">
        {formatCount(received)}
      </Figure>
      <Figure name="missed" label="Missed" alarm={missed > 0}>
        {formatCount(missed)}
      </Figure>
      <Figure name="doubled" label="Doubled" alarm={doubled > 0}>
        {formatCount(doubled)}
      </Figure>
    </>
  )
}

import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { BookFigures } from '../flow/book-figures.tsx'
import { Figure } from '../flow/figure.tsx'
import { formatCount } from '../format.ts'
import { measurement } from './log-stream.ts'

/** What has come, how fast, and what it costs. */
export function Books(): ReactElement {
  const { linesPerSecond, rendersPerSecond, ...books } = useStore(measurement)
  return (
    <>
      <dl>
        <BookFigures {...books} />
        <Figure name="lines" label="Lines/s">
          {formatCount(Math.round(linesPerSecond))}
        </Figure>
        <Figure name="renders" label="Renders/s">
          {formatCount(Math.round(rendersPerSecond))}
        </Figure>
      </dl>
      <p className="note">
        Each line has a number, and all are counted. React renders once a frame, not once a line.
      </p>
    </>
  )
}

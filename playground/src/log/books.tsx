import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { BookFigures } from '../flow/book-figures.tsx'
import { formatCount } from '../format.ts'
import { measurement } from './log-stream.ts'

/** What has come. */
export function Books(): ReactElement {
  return (
    <>
      <dl>
        <BookFigures {...useStore(measurement)} />
      </dl>
      <p className="note">
        Each line has a number, and all are counted. React renders once a frame, not once a line.
      </p>
    </>
  )
}

/** How fast it comes, and what that costs. */
export function Speed(): ReactElement {
  const { linesPerSecond, rendersPerSecond } = useStore(measurement)
  return (
    <p className="made">
      <b data-figure="lines">{formatCount(Math.round(linesPerSecond))}</b> lines a second in{' '}
      <b data-figure="renders">{formatCount(Math.round(rendersPerSecond))}</b> renders
    </p>
  )
}

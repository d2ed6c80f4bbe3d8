import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { Figure } from '../flow/figure.tsx'
import { formatCount } from '../format.ts'
import { measurement } from './log-stream.ts'

/** What has come, how fast, and what it costs. */
export function Books(): ReactElement {
  const { received, missed, doubled, linesPerSecond, rendersPerSecond } = useStore(measurement)
  return (
    <>
      <dl>
        <Figure name="received" label="Received">
          {formatCount(received)}
        </Figure>
        <Figure name="missed" label="Missed" alarm={missed > 0}>
          {formatCount(missed)}
        </Figure>
        <Figure name="doubled" label="Doubled" alarm={doubled > 0}>
          {formatCount(doubled)}
        </Figure>
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

import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { BookFigures } from '../flow/book-figures.tsx'
import { Figure } from '../flow/figure.tsx'
import { formatCount } from '../format.ts'
import { Countdown } from '../inspector/countdown.tsx'
import { State } from '../inspector/state.tsx'
import { book, lab, mend } from './lab-stream.ts'

/** How the stream stands now. */
export function ConnectionPanel(): ReactElement {
  return (
    <section className="panel standing" aria-labelledby="standing">
      <header>
        <h2 id="standing">The connection, now</h2>
        <State status={useStore(lab.status)} />
      </header>
      <Figures />
      <Facts />
      <div className="tools">
        <button
          type="button"
          onClick={() => {
            lab.reconnect()
          }}
        >
          Reconnect now
        </button>
        <button type="button" onClick={() => void mend()}>
          Mend it all
        </button>
      </div>
    </section>
  )
}

function Figures(): ReactElement {
  const books = useStore(book)
  const gaps = useStore(lab.gaps)
  const { attempt } = useStore(lab.connection)
  return (
    <dl className="figures">
      <BookFigures {...books} />
      <Figure name="disordered" label="Out of order">
        {formatCount(books.disordered)}
      </Figure>
      <Figure name="gaps" label="Gaps told" alarm={gaps > 0}>
        {formatCount(gaps)}
      </Figure>
      <Figure name="failures" label="Failures in a row" alarm={attempt > 0}>
        {attempt}
      </Figure>
    </dl>
  )
}

function Facts(): ReactElement {
  const { retryAt, reason, error, lastEventId } = useStore(lab.connection)
  const decodeError = useStore(lab.decodeError)
  return (
    <dl className="facts">
      <dt>Next attempt</dt>
      <dd>{retryAt === undefined ? '–' : <Countdown to={retryAt} />}</dd>
      <dt>Cursor</dt>
      <dd>
        <code>{lastEventId || 'none'}</code>
      </dd>
      <dt>Reason</dt>
      <dd>{reason ?? '–'}</dd>
      <dt>Error</dt>
      <dd>
        {error === undefined ? (
          '–'
        ) : (
          <>
            <code>{error.code}</code> {error.message}
          </>
        )}
      </dd>
      <dt>Decode error</dt>
      <dd>{decodeError?.message ?? '–'}</dd>
    </dl>
  )
}

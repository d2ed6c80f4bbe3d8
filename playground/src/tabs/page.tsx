import { useStore } from 'millrace/react'
import type { ReactElement } from 'react'
import { BookFigures } from '../flow/book-figures.tsx'
import { Figure } from '../flow/figure.tsx'
import { Flow } from '../flow/flow.tsx'
import { formatCount, formatTime } from '../format.ts'
import { pool, traceLog } from '../pool.ts'
import { beats, book, tabsServer } from './beats.ts'

/** One connection for all tabs: which of them has it, and what this one receives. */
export function Content(): ReactElement {
  return (
    <>
      <Flow server={tabsServer}>
        <Received />
      </Flow>
      <Part />
    </>
  )
}

function Received(): ReactElement {
  const all = useStore(book)
  return (
    <>
      <dl>
        <BookFigures {...all} />
        <Figure name="last" label="Last beat">
          {all.last === undefined ? '–' : formatCount(all.last)}
        </Figure>
      </dl>
      <p className="note">
        Every tab hears every beat, whoever has the connection. When it changes hands, the next one
        goes on from the cursor.
      </p>
    </>
  )
}

const parts = {
  leads: 'This tab leads: it holds the connection, and hands the beats to the others.',
  follows: 'This tab follows: another one holds the connection.',
  alone: 'This tab is alone: it cannot share. The trace says why.',
} as const

/** Milliseconds for which a tab is made to hang: longer than even one that nobody sees waits for it. */
const HANG = 5_000

/** Nothing runs in this tab meanwhile, and so it answers nobody. */
function hang(): void {
  const end = performance.now() + HANG
  while (performance.now() < end);
}

/** Which part this tab has, and what can be done to it. */
function Part(): ReactElement {
  const [connection] = useStore(pool.connections)
  const role = connection?.tab
  return (
    <section className="panel part" aria-labelledby="part" data-role={role}>
      <header>
        <h2 id="part">This tab</h2>
      </header>
      <p aria-live="polite">
        {role === undefined ? 'This tab is looking for the others.' : parts[role]}
      </p>
      <div className="tools">
        <a href="/tabs" target="_blank" rel="noopener">
          Open another tab
        </a>
        <button type="button" onClick={hang}>
          Hang for five seconds
        </button>
        <button type="button" onClick={() => beats.reconnect()}>
          Reconnect
        </button>
      </div>
      <Roles />
    </section>
  )
}

/** What has become of this tab, the newest first. */
function Roles(): ReactElement {
  const roles = useStore(traceLog.entries).filter(({ because }) => because !== undefined)
  return (
    <ol className="roles">
      {roles.toReversed().map(({ nth, at, event, because }) => (
        <li key={nth}>
          <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time> {event}{' '}
          <code>{because}</code>
        </li>
      ))}
    </ol>
  )
}

import type { TabReason, TabRole } from 'millrace'
import { useStore } from 'millrace/react'
import { useEffect, type ReactElement } from 'react'
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

/** Why a tab has its part, in words. */
const reasons: Record<TabReason, string> = {
  free: 'no other tab held the connection',
  left: 'the tab that held the connection is gone, or has let go of it',
  silent: 'the tab that held the connection answered no more',
  taken: 'another tab holds the connection',
  robbed: 'another tab took the connection, because this one did not answer',
  'no-scope': 'nobody says whose connection it is',
  'no-locks': 'there are no Web Locks here',
  'no-channel': 'there is no BroadcastChannel here',
  unheard: 'what the tab that holds the connection says does not arrive',
}

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
  useTitle(role)
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

/** The browser shows beside each other which tab leads, and which follow. */
function useTitle(role: TabRole | undefined): void {
  useEffect(() => {
    const { title } = document
    if (role !== undefined) document.title = `${role} · ${title}`
    return () => {
      document.title = title
    }
  }, [role])
}

/** What has become of this tab, the newest first. */
function Roles(): ReactElement {
  const roles = useStore(traceLog.entries).filter(({ because }) => because !== undefined)
  return (
    <ol className="roles">
      {roles.toReversed().map(({ nth, at, event, because }) => (
        <li key={nth}>
          <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time> {event}
          {because && `: ${reasons[because]}`} <code>{because}</code>
        </li>
      ))}
    </ol>
  )
}

import type { ReactElement } from 'react'
import { Board } from './board.tsx'
import { mountBreadth } from './breadth.ts'
import { Flow } from './flow.tsx'
import { StreamInspector } from './inspector/stream-inspector.tsx'
import { Island } from './island.tsx'
import { Mark } from './mark.tsx'
import { News } from './news.tsx'
import { pool, traceLog } from './pool.ts'
import { mountWatch } from './watch.ts'
import { StatusLight } from './status-light.tsx'
import { Tape } from './tape.tsx'

/** The page. */
export function App(): ReactElement {
  return (
    <>
      <header className="masthead">
        <Mark />
        <div>
          <h1>Millrace</h1>
          <p>
            A hundred React cells, the news, a signals widget and a Svelte component, all driven by
            one stream of events.
          </p>
        </div>
        <StatusLight />
      </header>
      <main>
        <Flow />
        <div className="floor">
          <Board />
          <div className="side">
            <News />
            <Island title="Breadth" made="plain signals" mount={mountBreadth} />
            <Island title="Watch" made="Svelte" mount={mountWatch} />
          </div>
        </div>
        <StreamInspector pool={pool} log={traceLog} />
        <Tape />
      </main>
      <footer>
        <p>The market is simulated. The connection, and what you do to it, are real.</p>
      </footer>
    </>
  )
}

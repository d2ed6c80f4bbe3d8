import type { ReactElement } from 'react'
import { Flow } from '../flow/flow.tsx'
import { Board } from './board.tsx'
import { Books } from './books.tsx'
import { mountBreadth } from './breadth.ts'
import { Island } from './island.tsx'
import { marketServer } from './market-server.ts'
import { News } from './news.tsx'
import { Tape } from './tape.tsx'
import { mountWatch } from './watch.ts'

/** A market in three frameworks, on one connection. */
export function Content(): ReactElement {
  return (
    <>
      <Flow server={marketServer}>
        <Books />
      </Flow>
      <div className="floor">
        <Board />
        <div className="side">
          <News />
          <Island title="Breadth" made="plain signals" mount={mountBreadth} />
          <Island title="Watch" made="Svelte" mount={mountWatch} />
        </div>
      </div>
      <Tape />
    </>
  )
}

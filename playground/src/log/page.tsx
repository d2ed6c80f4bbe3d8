import type { ReactElement } from 'react'
import { Flow } from '../flow/flow.tsx'
import { Books } from './books.tsx'
import { logServer } from './log-stream.ts'
import { LogView } from './log-view.tsx'

/** A log at full speed. */
export function Content(): ReactElement {
  return (
    <>
      <Flow server={logServer}>
        <Books />
      </Flow>
      <LogView />
    </>
  )
}

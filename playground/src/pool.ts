import { createPool } from 'millrace'
import { shareTabs } from 'millrace/tabs'
import { createTraceLog } from './inspector/trace-log.ts'

/** What happened to the connections of this page, for the inspector. */
export const traceLog = createTraceLog(200)

/** Where every stream of this page is. */
export const pool = createPool({
  onTrace: traceLog.onTrace,
  // On the page that is about it; the others count the connections that each has.
  tabs: window.location.pathname.startsWith('/tabs') ? shareTabs({ scope: 'you' }) : undefined,
})

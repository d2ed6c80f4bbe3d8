import { createPool } from 'millrace'
import { createTraceLog } from './inspector/trace-log.ts'

/** What happened to the connections of this page, for the inspector. */
export const traceLog = createTraceLog(200)

/** Where every stream of this page is. */
export const pool = createPool({ onTrace: traceLog.onTrace })

// high-rate/log.ts
import { eventStream, text } from 'millrace'

export const log = eventStream('/log', { events: { line: text }, commit: 'frame' })

// What is shown: the last 200, whatever came.
export const lines = log.history('line', { limit: 200 })

// What is counted: every one of them.
export const errors = log.reduce('line', (count, { data }) => count + +/\bERROR\b/.test(data), 0)

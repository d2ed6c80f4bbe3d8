// server/store.ts
import { covers, type LogEntry, type Replay } from '@millrace/server'

/** A replay of your own: anything that keeps entries in their order, at once or later. */
export function arrayReplay(entries: LogEntry[] = []): Replay {
  return {
    put: (entry) => void entries.push(entry),
    after: async ({ after, channels }) => {
      const at = entries.findIndex(
        ({ event, position }) => after === event.id || after === position,
      )
      // Exactly what came after it, or `undefined`: the id is unknown.
      if (after !== undefined && at === -1) return undefined
      return entries.slice(at + 1).filter(({ channels: published }) => {
        const heard = published.some((name) => channels.some((own) => covers(own, name)))
        return heard || published.length === 0
      })
    },
  }
}

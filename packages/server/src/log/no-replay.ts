import { covers } from '../channel.ts'
import { parsePosition } from './position.ts'
import type { LogEntry, Replay, ReplayAnswer, ReplayQuery } from './replay.ts'

/** Where a channel stands: the last that was published to it. */
interface Standing {
  readonly entry: LogEntry
  readonly sequence: number
}

// Broadcasts stand somewhere as any channel does; no channel is named so.
const BROADCAST = ''
// Who comes back to a channel that was forgotten is told of a gap there need not be.
const MAX_CHANNELS = 1_000

/**
 * What resumes where nothing is kept: it knows where each channel stands, so that who is up to date is told nothing,
 * and everyone else that there is a gap.
 */
export function noReplay(maxChannels: number = MAX_CHANNELS): Replay {
  /** The one that was published to last stands last. */
  const standings = new Map<string, Standing>()
  let epoch = ''
  let last = 0
  /** Where the last channel stood that was forgotten. */
  let forgotten = 0

  function stand(name: string, standing: Standing): void {
    standings.delete(name)
    standings.set(name, standing)
    if (standings.size <= maxChannels) return
    const [oldest] = standings
    if (!oldest) return
    standings.delete(oldest[0])
    forgotten = oldest[1].sequence
  }

  function newest(channels: readonly string[]): Standing | undefined {
    let found: Standing | undefined
    for (const [name, standing] of standings) {
      const heard = name === BROADCAST || channels.some((own) => covers(own, name))
      if (heard && standing.sequence > (found?.sequence ?? 0)) found = standing
    }
    return found
  }

  return {
    put: ({ position, time, channels, event: { id } }) => {
      const [era, sequence] = parsePosition(position)
      if (era !== epoch) {
        standings.clear()
        epoch = era
        // Who comes in late does not know what was before.
        forgotten = sequence - 1
      }
      last = sequence
      // The event itself is not kept.
      const entry: LogEntry = { position, time, channels, event: { id } }
      for (const name of channels.length === 0 ? [BROADCAST] : channels) {
        stand(name, { entry, sequence })
      }
    },
    after: ({ after, label, channels }: ReplayQuery): ReplayAnswer => {
      if (after === undefined) return undefined
      const standing = newest(channels)
      if (standing && isOf(standing.entry, after, label)) return []
      const [era, sequence] = parsePosition(after)
      const since = Math.max(standing?.sequence ?? 0, forgotten)
      return era === epoch && sequence >= since && sequence <= last ? [] : undefined
    },
  }
}

// Ids of the publisher's own may repeat from channel to channel: the label says which is meant.
function isOf(
  { channels, event }: LogEntry,
  id: string,
  label: readonly string[] | undefined,
): boolean {
  if (event.id !== id) return false
  if (!label) return true
  return label.length === 0 ? channels.length === 0 : label.some((name) => channels.includes(name))
}

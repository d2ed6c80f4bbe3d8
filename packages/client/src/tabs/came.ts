import type { RawEvent } from '../event.ts'

/** An event, and by which request it came: that may say of which channel it is. */
export interface Came {
  readonly event: RawEvent
  readonly url: string
  /** Its channels, where one request is for several; none where it is for everyone. */
  readonly of: readonly string[]
}

/** Events that came by this request; with their channels, where somebody can tell them. */
export function cameBy(
  url: string,
  events: readonly RawEvent[],
  channelsOf: ((event: RawEvent, url: string) => readonly string[]) | undefined,
): Came[] {
  return events.map(({ type, data, lastEventId, id }) => {
    // What else a transport has put into it, perhaps no message can carry.
    const event = { type, data, lastEventId, id }
    return { event, url, of: channelsOf?.(event, url) ?? [] }
  })
}

/** Events that came by one request, one after the other. */
export interface Run {
  readonly url: string
  readonly events: RawEvent[]
}

/** Events in their order, those together that came by one request. */
export function runsOf(all: readonly Came[]): Run[] {
  const runs: Run[] = []
  for (const { url, event } of all) {
    const run = runs.at(-1)
    if (run?.url === url) run.events.push(event)
    else runs.push({ url, events: [event] })
  }
  return runs
}

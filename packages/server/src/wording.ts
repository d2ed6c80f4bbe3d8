import type { ServerEvent } from './encode.ts'
import { labelFor } from './label.ts'
import type { Labels } from './label.ts'
import type { LogEntry } from './log/replay.ts'
import type { Group, Item } from './seat.ts'

/** What events are put into words with. */
export interface WordingOptions {
  readonly labels: Labels
  readonly encode: (event: ServerEvent) => string
}

/** Events as they are on the wire: an id is shown to each group as it has to see it, and each way is encoded once. */
export class Wording {
  readonly #options: WordingOptions

  constructor(options: WordingOptions) {
    this.#options = options
  }

  /** An event for a group; throws if it cannot be encoded. */
  itemFor(group: Group, entry: LogEntry): Item {
    return this.#item(entry, this.#shownId(entry, group))
  }

  /** An event for each of these groups; throws if it cannot be encoded. */
  itemsFor(groups: Iterable<Group>, entry: LogEntry): [Group, Item][] {
    const byId = new Map<string | undefined, Item>()
    const items: [Group, Item][] = []
    for (const group of groups) {
      const id = this.#shownId(entry, group)
      const item = byId.get(id) ?? this.#item(entry, id)
      byId.set(id, item)
      items.push([group, item])
    }
    return items
  }

  /** An event for one session alone; `held` says that it waits behind a replay, which its id must not overtake. */
  itemAlone(event: ServerEvent, held: boolean): Item {
    const text = this.#options.encode(event)
    const aside =
      held && event.id !== undefined ? this.#options.encode({ ...event, id: undefined }) : text
    return { text, position: undefined, aside }
  }

  #shownId({ event, channels }: LogEntry, group: Group): string | undefined {
    const { id } = event
    const { labels } = this.#options
    const label = id
      ? labelFor({ own: group.channels, published: channels, id, labels })
      : undefined
    return label === undefined ? id : `${label}@${id}`
  }

  #item({ event, position }: LogEntry, id: string | undefined): Item {
    const text = this.#options.encode(id === event.id ? event : { ...event, id })
    return { text, position, aside: undefined }
  }
}

import type { ServerEvent } from './encode.ts'
import { EventServerError } from './error.ts'
import type { LogEntry, Replay } from './log/replay.ts'
import type { ProviderState } from './provider-state.ts'

/**
 * What a publisher gets back.
 *
 * @example
 * const { id } = await events.publish('pets', { data: 'Corgi' })
 */
export interface Published {
  /** The id clients see; `undefined` where the event was dropped or has none. */
  readonly id: string | undefined
}

/**
 * An event on its way to the provider.
 *
 * @example
 * const message: Message = { channels: ['pets'], event: { data: 'Corgi' } }
 */
export interface Message {
  /** Where it goes; nowhere in particular means everyone. */
  readonly channels: readonly string[]
  /** Checked, and its data made text. */
  readonly event: ServerEvent
}

/**
 * What a provider tells a subscriber besides the entries.
 *
 * @example
 * provider.subscribe(deliver, { interrupted: () => refetch(), failed: (error) => log(error) })
 */
export interface ProviderAlerts {
  /** The order has a gap: what was handed over before it and what comes now do not join. Its `replay` knows of it. */
  readonly interrupted: () => void
  /** Something went wrong that no publisher waits to hear of. */
  readonly failed: (error: EventServerError) => void
}

/**
 * How a publish reaches every process: it gives each message its place in one order and hands it to every subscriber.
 *
 * @example
 * createEventServer({ provider: localProvider({ now: Date.now }) }) // this process alone: the default
 */
export interface Provider {
  /** Takes a message; resolves when it has it. */
  readonly publish: (message: Message) => Published | Promise<Published>
  /** Hands over every entry, in order; returns what ends that. */
  readonly subscribe: (deliver: (entry: LogEntry) => void, alerts?: ProviderAlerts) => () => void
  /** The position of the newest entry handed over; `undefined` where it is not known yet: then streams wait to open. */
  readonly position: () => string | undefined
  /**
   * Resolves when all that was published before this call, by whatever process, has been handed over here: asked before
   * a stream opens whose position is unknown, before a cursor counts as unknown, and at a close. Needed only of a provider that hands over later than it takes.
   */
  readonly caughtUp?: (() => Promise<void>) | undefined
  /** What a resuming client is sent first, where the provider keeps it. Defaults to the server's own `replay`. */
  readonly replay?: Omit<Replay, 'put'> | undefined
  /** How it stands, for `stats`. Defaults to nothing told. */
  readonly state?: ProviderState | undefined
  /** Lets go of what it holds. Called when a server that uses it is closed: one that servers share should not mind. */
  readonly close: () => void | Promise<void>
}

/**
 * Options of the provider that is this process.
 *
 * @example
 * const options: LocalProviderOptions = { now: Date.now, ids: 'manual' }
 */
export interface LocalProviderOptions {
  /** The time in milliseconds since the epoch. */
  readonly now: () => number
  /** `'auto'` gives an id to each event that has none; `'manual'` gives none. Defaults to `'auto'`. */
  readonly ids?: 'auto' | 'manual'
  /** Marks the ids of this run; not empty. Defaults to a random one. */
  readonly epoch?: string
}

/**
 * A provider that is this process: it delivers within the call of `publish`.
 *
 * @example
 * localProvider({ now: Date.now, epoch: 'test' }) // ids are test-1, test-2, …
 */
export function localProvider(options: LocalProviderOptions): Provider {
  const { now, ids = 'auto', epoch = randomEpoch() } = options
  if (!/^[^\r\n\0]+$/.test(epoch)) {
    throw new EventServerError(
      'invalid-option',
      `Cannot mark ids with the epoch ${JSON.stringify(epoch)}: it has to stand in a line. Give a short word.`,
    )
  }
  const subscribers = new Set<(entry: LogEntry) => void>()
  let sequence = 0
  return {
    publish: ({ channels, event }) => {
      const position = `${epoch}-${(sequence += 1)}`
      const id = event.id ?? (ids === 'auto' ? position : undefined)
      const entry = { position, time: now(), channels, event: { ...event, id } }
      for (const deliver of subscribers) deliver(entry)
      return { id }
    },
    subscribe: (deliver) => {
      subscribers.add(deliver)
      return () => subscribers.delete(deliver)
    },
    position: () => `${epoch}-${sequence}`,
    close: () => subscribers.clear(),
  }
}

function randomEpoch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6))
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('')
}

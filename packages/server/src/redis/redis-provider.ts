import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { EventServerError } from '../error.ts'
import type { ProviderState } from '../provider-state.ts'
import type { Provider } from '../provider.ts'
import { Attachment } from './attachment.ts'
import { Listeners } from './listeners.ts'
import { checkClient, reasonOf } from './client.ts'
import type { RedisClient } from './client.ts'
import type { Link } from './link.ts'
import { Reader } from './reader.ts'
import { Standing } from './standing.ts'
import { Writer } from './writer.ts'

/**
 * Everything that can be said about a Redis provider.
 *
 * @example
 * const options: RedisProviderOptions = { client: createClient(), key: 'shop:events', ttl: 3_600_000 }
 */
export interface RedisProviderOptions {
  /** It is copied, twice, and left alone: it need not be connected, and `close` leaves it as it is. */
  readonly client: RedisClient
  /**
   * The stream's name, as it is in Redis: the same in every process that is to hear the others. Nothing else may write
   * to it.
   */
  readonly key: string
  /** Events the stream keeps for those who come back, whatever their channels; about. Defaults to 10,000. */
  readonly count?: number
  /** Milliseconds an event is kept, by Redis's clock; about. Defaults to no such bound. */
  readonly ttl?: number
  /** Bytes of the stream that this process keeps at hand, to answer who comes back. Defaults to 64 MiB. */
  readonly maxBytes?: number
  /**
   * `'auto'` gives an id to each event that has none; `'manual'` gives none. The same in every process, and said to the
   * servers too. Defaults to `'auto'`.
   */
  readonly ids?: 'auto' | 'manual'
  /**
   * What becomes of a publish while Redis is away: `'reject'` says so to the publisher at once; `'queue'` lets it wait,
   * and finds out what became of what was under way. Defaults to `'reject'`.
   */
  readonly whenAway?: 'reject' | 'queue'
  /** Publishes that may wait for Redis; more are rejected. Defaults to 1,000. */
  readonly maxQueue?: number
  /** Milliseconds Redis has to answer before it counts as away. Defaults to 5,000. */
  readonly timeout?: number
  /** Called with the new state whenever its status changes. Defaults to none. */
  readonly onState?: (state: ProviderState) => void
  /** Time. Defaults to the machine's. */
  readonly clock?: Clock
}

/**
 * A provider over Redis Streams that tells how it stands.
 *
 * @example
 * const healthy = (provider: RedisProvider) => provider.state.status === 'ready'
 */
export interface RedisProvider extends Provider {
  /** How it stands with Redis now. */
  readonly state: ProviderState
}

const DEFAULT_COUNT = 10_000
const DEFAULT_MAX_QUEUE = 1_000
const DEFAULT_TIMEOUT = 5_000

/**
 * A provider that joins any number of processes through one Redis stream: it is the order of all events, their way to
 * every process, and what clients resume from in whichever process they come back to.
 *
 * @example
 * const provider = redisProvider({ client: createClient({ url: 'redis://localhost:6379' }), key: 'shop:events' })
 * const events = createEventServer({ provider })
 */
export function redisProvider(options: RedisProviderOptions): RedisProvider {
  const settings = checkOptions(options)
  const { client, clock, timeout, key, count, ttl, maxBytes, ids, onState } = settings
  const listeners = new Listeners()
  const { deliver, interrupted } = listeners
  const bounds = { total: count, ttl, maxBytes }
  const reader = new Reader({ key, ids, bounds, deliver, interrupted })
  const writer = new Writer({ ...settings, seen: () => reader.last })
  const waiting = (): number => writer.waiting
  const changed = (state: ProviderState): void => listeners.hook('onState', () => onState?.(state))
  const standing = new Standing({ clock, waiting, changed })
  let attachment: Attachment | undefined

  async function use(link: Link): Promise<never> {
    await link.ask(writer.openCommand())
    return reader.follow(link, () => {
      writer.open(link)
      standing.become('ready')
    })
  }
  function lost(cause: Error): void {
    writer.shut(cause)
    const error = unfollowed(key, cause)
    if (standing.become('away', error)) listeners.failed(error)
  }
  // Nothing is opened before somebody wants it, or after it was closed.
  function start(): void {
    if (standing.state.status === 'closed') return
    attachment ??= new Attachment({ client, clock, timeout, use, lost })
  }

  return {
    publish: (message) => {
      start()
      return writer.publish(message)
    },
    subscribe: (take, alerts) => {
      start()
      return listeners.add(take, alerts)
    },
    position: reader.position,
    caughtUp: reader.caughtUp,
    replay: { after: reader.after, size: reader.size },
    get state() {
      return standing.state
    },
    close: async () => {
      writer.close()
      reader.close()
      standing.become('closed')
      listeners.clear()
      await attachment?.close()
    },
  }
}

type Defaulted = 'count' | 'ids' | 'whenAway' | 'maxQueue' | 'timeout' | 'clock'

function checkOptions(
  options: RedisProviderOptions,
): RedisProviderOptions & Required<Pick<RedisProviderOptions, Defaulted>> {
  checkClient(options.client)
  if (typeof options.key !== 'string' || options.key === '') {
    throw invalid('key', options.key, 'Give the name of a stream')
  }
  const { ids = 'auto', whenAway = 'reject' } = options
  if (ids !== 'auto' && ids !== 'manual') throw invalid('ids', ids, "Give 'auto' or 'manual'")
  if (whenAway !== 'reject' && whenAway !== 'queue') {
    throw invalid('whenAway', whenAway, "Give 'reject' or 'queue'")
  }
  for (const name of ['count', 'ttl', 'maxBytes', 'maxQueue', 'timeout'] as const) {
    const value = options[name]
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue
    throw invalid(name, value, 'Give a whole number of at least 1')
  }
  return {
    ...options,
    count: options.count ?? DEFAULT_COUNT,
    ids,
    whenAway,
    maxQueue: options.maxQueue ?? DEFAULT_MAX_QUEUE,
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    clock: options.clock ?? systemClock,
  }
}

function invalid(name: string, value: unknown, remedy: string): EventServerError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value)
  const message = `Cannot make the provider: ${name} is ${shown}. ${remedy}.`
  return new EventServerError('invalid-option', message)
}

function unfollowed(key: string, cause: Error): EventServerError {
  return new EventServerError(
    'provider-away',
    `Cannot follow the stream ${JSON.stringify(key)}: ${reasonOf(cause)}. See to Redis: the provider comes back to it by itself, from where it was.`,
    { cause },
  )
}

import { checkOptions } from '#development'
import type { CursorStorage } from './connection/cursor.ts'
import type { CompleteRequest, RequestOptions } from './connection/request.ts'
import { defaultRetryPolicy, type RetryPolicy } from './connection/retry.ts'
import type { TabSharing } from './connection/sharing.ts'
import { systemClock, type Clock } from './clock.ts'
import type { StreamError } from './errors.ts'
import type { Gap, RawEvent } from './event.ts'
import type { ChannelScheme } from './stream/channel.ts'
import type { EventMap, NoMap } from './stream/stream.ts'
import type { Trace } from './stream/trace.ts'
import type { EventSourceClass } from './transport/event-source.ts'
import type { Transport } from './transport/transport.ts'

/**
 * How streams are obtained: said for a whole pool, or for one stream.
 *
 * @example
 * const patient: ConnectOptions = { linger: 5_000, retry: { maxDelay: 60_000 } }
 * createPool(patient)
 */
export interface ConnectOptions {
  /** `'auto'` (the default) chooses by the request; or name one, or bring your own. */
  readonly transport?: 'auto' | 'fetch' | 'event-source' | Transport | undefined
  /** The `fetch` to call. Defaults to the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The `EventSource` class to use. Defaults to the global one. */
  readonly EventSource?: EventSourceClass | undefined
  /** The largest event, in characters, where `fetch` is used; a larger one is left out. Defaults to `1_048_576`. */
  readonly maxEventSize?: number | undefined
  /** How channels become requests. Defaults to `queryChannel()`. */
  readonly channels?: ChannelScheme | undefined
  /** When to try again; what is left out keeps its default. */
  readonly retry?: Partial<RetryPolicy> | undefined
  /**
   * Milliseconds of silence after which a connection is dead. Without it, `45_000`, and only once a comment or a
   * `heartbeat` event was heard on that connection; `Infinity` is never.
   */
  readonly heartbeatTimeout?: number | undefined
  /** `false` closes the connection while the page is hidden. Defaults to `true`. */
  readonly openWhenHidden?: boolean | undefined
  /** Milliseconds for which a hidden page stays connected, where `openWhenHidden` is `false`. Defaults to `30_000`. */
  readonly hiddenDelay?: number | undefined
  /** Milliseconds for which a connection outlives its last holder. Defaults to `1_000`. */
  readonly linger?: number | undefined
  /** Whether events that two connections both brought are heard once. Defaults to `true`. */
  readonly dedup?: boolean | undefined
  /** Keeps the cursor over a reload, for each URL and credentials: `sessionStorage`, say. Defaults to nothing. */
  readonly resume?: CursorStorage | undefined
  /**
   * When what stores have taken becomes their value: with each network chunk, or with each animation frame (in a hidden
   * tab, or where there are no frames, every 100 ms), which is for very fast streams. Listeners and reducers see each
   * event when it arrives, in both cases. Defaults to `'chunk'`.
   */
  readonly commit?: 'chunk' | 'frame' | undefined
  /** Defaults to the machine's time. */
  readonly clock?: Clock | undefined
  /** Hears of payloads that do not decode, and of events that are too large. Defaults to nobody. */
  readonly onError?: ((error: StreamError) => void) | undefined
  /**
   * Hears that events were missed, which no replay will bring: time to fetch the state anew. Defaults to nobody.
   *
   * @example
   * eventStream('/events', { onGap: () => queryClient.invalidateQueries() })
   */
  readonly onGap?: ((gap: Gap) => void) | undefined
}

/**
 * How a pool's streams are obtained, where they do not say otherwise.
 *
 * @example
 * const pool = createPool({ linger: 5_000, retry: { maxRetries: 10 } })
 */
export interface PoolOptions extends ConnectOptions {
  /**
   * Hears of each transition of each connection, and of each role that this tab has in one that tabs share.
   * Defaults to nobody.
   *
   * @example
   * createPool({ onTrace: ({ url, from, event, status }) => console.debug(url, from, event, status) })
   */
  readonly onTrace?: ((trace: Trace) => void) | undefined
  /**
   * Has the tabs of the browser share their connections: `shareTabs()` of `millrace/tabs`. Defaults to each for itself.
   *
   * @example
   * createPool({ tabs: shareTabs({ scope: user.id }) })
   */
  readonly tabs?: TabSharing | undefined
}

/**
 * One stream: its request, what its events carry, and how it is obtained.
 *
 * @example
 * const trades = eventStream('/events', { events: { tick: json<Tick>() }, credentials: 'include', linger: 5_000 })
 */
export interface StreamOptions<Map extends EventMap = NoMap>
  extends ConnectOptions, RequestOptions {
  /** A decoder for each event type; without it, every type may come, and every payload is a string. */
  readonly events?: Map | undefined
  /** The cursor to start from: the last event id of the snapshot that the page was rendered with. Defaults to none. */
  readonly initialLastEventId?: string | undefined
  /**
   * What a clean end of the response means: `'reconnect'` (the default for GET), or `'complete'`: the stream is over.
   * A request that is not GET, or is `'complete'`, is sent once; only `reconnect()` sends it again.
   */
  readonly onEnd?: 'reconnect' | 'complete' | undefined
  /**
   * Whether an event is the last: the stream is over with it. Defaults to none.
   *
   * @example
   * eventStream('/chat', { method: 'POST', body, doneWhen: (event) => event.data === '[DONE]' })
   */
  readonly doneWhen?: ((event: RawEvent) => boolean) | undefined
  /**
   * How many characters of a stream that is sent once are kept, so that who comes late reads it from the start.
   * Defaults to `1_048_576`.
   */
  readonly buffer?: number | undefined
}

type Defaulted =
  | 'transport'
  | 'linger'
  | 'hiddenDelay'
  | 'openWhenHidden'
  | 'dedup'
  | 'buffer'
  | 'commit'
  | 'clock'
  | 'method'
  | 'lastEventIdParam'
  | 'initialLastEventId'

type WithDefaults = { readonly [Name in Defaulted]: NonNullable<StreamOptions[Name]> }

const defaults: WithDefaults = {
  transport: 'auto',
  linger: 1_000,
  hiddenDelay: 30_000,
  openWhenHidden: true,
  dedup: true,
  buffer: 1_048_576,
  commit: 'chunk',
  clock: systemClock,
  method: 'GET',
  lastEventIdParam: 'lastEventId',
  initialLastEventId: '',
}

/** A stream's options over its pool's, with every default. */
export type MergedOptions = Omit<StreamOptions<EventMap>, Defaulted | 'retry'> &
  CompleteRequest &
  Pick<PoolOptions, 'onTrace' | 'tabs'> &
  WithDefaults & {
    readonly retry: RetryPolicy
    /** Whether the request is sent only once. */
    readonly once: boolean
  }

/** Merges a stream's options into its pool's. */
export function mergeOptions(pool: PoolOptions, stream: StreamOptions<EventMap>): MergedOptions {
  const given = { ...defaults, ...defined(pool), ...defined(stream) }
  const method = given.method.toUpperCase()
  const merged: MergedOptions = {
    ...given,
    method,
    credentials: given.credentials ?? (given.withCredentials ? 'include' : 'same-origin'),
    retry: { ...defaultRetryPolicy, ...defined(pool.retry), ...defined(stream.retry) },
    once: given.onEnd === 'complete' || method !== 'GET',
  }
  checkOptions(merged)
  return merged
}

/** Without what is `undefined`: an option that is not given must not hide the pool's, or a default. */
function defined<Options extends object>(options: Options | undefined): Given<Options> {
  return Object.fromEntries(
    Object.entries(options ?? {}).filter(([, value]) => value !== undefined),
  ) as Given<Options>
}

type Given<Options> = { readonly [Name in keyof Options]?: NonNullable<Options[Name]> }

import type { ReadonlySignal } from '@preact/signals-core'
import type { ConnectionStatus } from '../connection/machine.ts'
import type { ConnectionSnapshot } from '../connection/snapshot.ts'
import type { StreamError } from '../errors.ts'
import type { StreamEvent } from '../event.ts'
import type { Decoder, OutputOf } from './decode.ts'
import type { HistoryOptions, ReduceOptions, SelectOptions } from './stores.ts'

/**
 * A decoder for each event type; one for `'*'` decodes the types that have none of their own.
 *
 * @example
 * const events = { tick: json<Tick>(), note: text, order: OrderSchema } satisfies EventMap
 */
export type EventMap = Readonly<Record<string, Decoder<unknown>>>

declare const none: unique symbol

/**
 * That no map was given. As wide as any map, so that in one that is, inline decoders know their parameters.
 *
 * @example
 * const ours = <Map extends EventMap = NoMap>(path: string, options?: StreamOptions<Map>) =>
 *   eventStream(`/api${path}`, options)
 */
export type NoMap = EventMap & { readonly [none]?: never }

/**
 * What each event type carries, as a map's decoders make it.
 *
 * @example
 * const events = { tick: json<Tick>(), note: text }
 * type Trades = Stream<EventsOf<typeof events>>
 */
export type EventsOf<Map> = typeof none extends keyof Map
  ? AnyEvents
  : { readonly [Type in keyof Map]: OutputOf<Map[Type]> }

/**
 * What is known without a map: every type may come, and every payload is a string.
 *
 * @example
 * const raw: Stream<AnyEvents> = eventStream('/events')
 * raw.on('tick', ({ data }) => console.log(data.length))
 */
export type AnyEvents = Readonly<Record<string, string>>

/**
 * The event types of a stream; `message` is always one, and where there is a decoder for `'*'`, every name is.
 *
 * @example
 * type Type = TypeOf<{ tick: Tick }> // 'tick' or 'message'
 */
export type TypeOf<Events> = '*' extends keyof Events ? string : Named<Events>

/**
 * What may be read: a type of the stream, or `'*'` for all.
 *
 * @example
 * const watch = (type: TypeOrAll<{ tick: Tick }>) => trades.latest(type) // 'tick', 'message' or '*'
 */
export type TypeOrAll<Events> = '*' extends keyof Events
  ? string
  : // Written out, and not by `TypeOf`: so the error for a wrong type lists the right ones.
    (keyof Events & string) | 'message' | '*'

/**
 * What the events of one type carry: without a decoder, strings.
 *
 * @example
 * type Shown = DataOf<{ tick: Tick }, 'tick'> // Tick
 * type Other = DataOf<{ tick: Tick }, 'message'> // string
 */
export type DataOf<Events, Type> = Type extends keyof Events
  ? Events[Type]
  : '*' extends keyof Events
    ? Events['*']
    : string

/**
 * The events of a type, of several, or of all (`'*'`), as a union told apart by `type`.
 *
 * @example
 * const show = (event: EventOf<{ tick: Tick; note: string }, '*'>) =>
 *   event.type === 'tick' ? event.data.price : event.data
 */
export type EventOf<Events, Type extends string> = Type extends '*'
  ? { [T in Named<Events>]: StreamEvent<DataOf<Events, T>, T> }[Named<Events>] | Unnamed<Events>
  : StreamEvent<DataOf<Events, Type>, Type>

type Named<Events> = Exclude<keyof Events & string, '*'> | 'message'

type Unnamed<Events> = string extends keyof Events
  ? never
  : '*' extends keyof Events
    ? StreamEvent<Events['*']>
    : never

/**
 * How long a loop goes on.
 *
 * @example
 * for await (const { data } of chat.events('token', { signal: AbortSignal.timeout(5_000) })) answer.append(data)
 */
export interface IterateOptions {
  /** Ends the loop with its reason when it aborts; one that has aborted reads nothing. Defaults to none. */
  readonly signal?: AbortSignal | undefined
}

/**
 * How long a listener listens.
 *
 * @example
 * trades.on('order', ({ data }) => toast(data), { once: true, signal: AbortSignal.timeout(5_000) })
 */
export interface ListenOptions {
  /** Ends the listening when it aborts; one that has aborted starts none. Defaults to none. */
  readonly signal?: AbortSignal | undefined
  /** Ends the listening with the first event. Defaults to `false`. */
  readonly once?: boolean | undefined
}

/**
 * Any stream, whatever it carries: what a helper takes that shows how it stands, or reads payloads as `unknown`.
 *
 * @example
 * function Light({ stream }: { stream: AnyStream }) {
 *   return <i data-status={useStreamStatus(stream)} />
 * }
 */
export interface AnyStream {
  /** The newest event of a type, or of all (`'*'`): a store, the same one for each call. */
  latest(type: string): ReadonlySignal<StreamEvent<unknown> | undefined>
  /** Calls `listener` for every event of a type, of several, or of all (`'*'`); returns what stops it. */
  on(
    types: string | readonly string[],
    listener: (event: StreamEvent<unknown>) => void,
    options?: ListenOptions,
  ): () => void
  /** Every event of a type, of several, or of all (`'*'`), for `for await`. */
  events(
    types: string | readonly string[],
    options?: IterateOptions,
  ): AsyncIterableIterator<StreamEvent<unknown>, undefined>
  /** One channel of the stream, with the same methods: the same handle for each call. */
  channel(name: string): AnyStream
  /** How the connection stands; of several, the least healthy in use. Watching it opens nothing. */
  readonly status: ReadonlySignal<ConnectionStatus>
  /** Why the connection is not open; cleared when it opens. Watching it opens nothing. */
  readonly error: ReadonlySignal<StreamError | undefined>
  /**
   * The connection as it stands; of several, the least healthy in use. It changes with the connection's transitions;
   * what is counted is refreshed while it is watched, once a second at the most. Watching it opens nothing.
   *
   * @example
   * trades.connection.subscribe(({ status, retryAt, holds }) => console.log(status, retryAt, holds))
   */
  readonly connection: ReadonlySignal<ConnectionSnapshot>
  /** How many times events were missed that no replay will bring, while somebody read. Watching it opens nothing. */
  readonly gaps: ReadonlySignal<number>
  /** The last payload that did not decode; cleared by the next of its type that does. */
  readonly decodeError: ReadonlySignal<StreamError | undefined>
  /** A fresh attempt now, for everyone who shares the connection. */
  readonly reconnect: () => void
  /**
   * Lets go of everything that is read through this handle and its channels. Stores keep their values; one that is
   * still watched is fed again when it is next watched anew.
   */
  readonly close: () => void
}

/**
 * A handle on a stream: it costs nothing and opens nothing, until somebody reads it. `Events` says what each type
 * carries.
 *
 * @example
 * function Price({ stream }: { stream: Stream<{ tick: Tick }> }) {
 *   return <b>{useEventStream(stream, { event: 'tick' }).data?.price}</b>
 * }
 */
export interface Stream<Events = AnyEvents> extends AnyStream {
  /**
   * The newest event of a type: a store, the same one for each call. Looked at while nobody watches it, it opens nothing,
   * and is the last event of a stream that is open, where somebody has read that type already.
   *
   * @example
   * const tick = trades.latest('tick')
   * const stop = tick.subscribe((event) => console.log(event?.data))
   */
  latest<Type extends TypeOrAll<Events>>(
    type: Type,
  ): ReadonlySignal<EventOf<Events, Type> | undefined>
  /**
   * What a selector makes of the newest event: a store that changes only when that value does.
   *
   * @example
   * const price = trades.select('tick', (event) => event.data.price)
   */
  select<Type extends TypeOrAll<Events>, Value>(
    type: Type,
    selector: (event: EventOf<Events, Type>) => Value,
    options?: SelectOptions<Value>,
  ): ReadonlySignal<Value | undefined>
  /**
   * What a reducer makes of every event, none skipped: a store that adds up while it is watched, keeps its value when
   * it is not, and goes on from it.
   *
   * @example
   * const volume = trades.reduce('tick', (sum, event) => sum + event.data.size, 0)
   */
  reduce<Type extends TypeOrAll<Events>, Value>(
    type: Type,
    reducer: (value: Value, event: EventOf<Events, Type>) => Value,
    initialValue: Value,
    options?: ReduceOptions,
  ): ReadonlySignal<Value>
  /**
   * The last events of a type, the oldest first: a store that gathers while it is watched, keeps what it has when it is
   * not, and goes on from it. By default the last 100.
   *
   * @example
   * const lines = log.history('line', { limit: 50 })
   */
  history<Type extends TypeOrAll<Events>>(
    type: Type,
    options?: HistoryOptions,
  ): ReadonlySignal<readonly EventOf<Events, Type>[]>
  /**
   * Calls `listener` for every event of a type or of several, in order, none skipped; returns what stops it. `'*'` is
   * every type.
   *
   * @example
   * const stop = trades.on('order', (event) => console.log(event.data))
   * trades.on(['order', 'cancel'], (event) => audit(event.type, event.data))
   */
  on<Type extends TypeOrAll<Events>>(
    types: Type | readonly Type[],
    listener: (event: EventOf<Events, Type>) => void,
    options?: ListenOptions,
  ): () => void
  /**
   * Every event of a type or of several, in order, none skipped, for `for await`. It reads from the first `next` on.
   * The loop ends where the stream does, and when the handle is closed; it throws the `StreamError` of a stream that is
   * refused, interrupted or given up, and the signal's reason when that aborts.
   *
   * @example
   * for await (const { data } of chat.events('token', { signal })) answer.append(data)
   */
  events<Type extends TypeOrAll<Events>>(
    types: Type | readonly Type[],
    options?: IterateOptions,
  ): AsyncIterableIterator<EventOf<Events, Type>, undefined>
  /**
   * One channel of the stream, with the same methods: the same handle for each call.
   *
   * @example
   * trades.channel('eur/usd').latest('tick')
   */
  channel(name: string): Stream<Events>
}

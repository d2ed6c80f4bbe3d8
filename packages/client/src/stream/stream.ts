import type { ReadonlySignal } from '@preact/signals-core'
import type { ConnectionStatus } from '../connection/machine.ts'
import type { StreamError } from '../errors.ts'
import type { StreamEvent } from '../event.ts'
import type { Decoder } from './decode.ts'
import type { SelectOptions } from './stores.ts'

/** A decoder for each event type. */
export type EventMap = Readonly<Record<string, Decoder<unknown>>>

/** What is known without a map: every type may come, and every payload is a string. */
export type AnyEvents = Readonly<Record<string, Decoder<string>>>

/** The event types of a map; `message` is always one. */
export type TypeOf<Events> = (keyof Events & string) | 'message'

/** What the events of one type carry. */
export type DataOf<Events, Type> = Type extends keyof Events
  ? Events[Type] extends Decoder<infer Data>
    ? Data
    : never
  : string

/** The events of one type, or of all (`'*'`), as a union told apart by `type`. */
export type EventOf<Events, Type extends string> = Type extends '*'
  ? { [T in TypeOf<Events>]: StreamEvent<DataOf<Events, T>, T> }[TypeOf<Events>]
  : StreamEvent<DataOf<Events, Type>, Type>

export interface ListenOptions {
  /** Ends the listening when it aborts. */
  readonly signal?: AbortSignal | undefined
}

/** A handle on a stream: it costs nothing and opens nothing, until somebody reads it. */
export interface Stream<Events = AnyEvents> {
  /**
   * The newest event of a type: a store, the same one for each call.
   *
   * @example
   * const tick = trades.latest('tick')
   * const stop = tick.subscribe((event) => console.log(event?.data))
   */
  readonly latest: <Type extends TypeOf<Events> | '*'>(
    type: Type,
  ) => ReadonlySignal<EventOf<Events, Type> | undefined>
  /**
   * What a selector makes of the newest event: a store that changes only when that value does.
   *
   * @example
   * const price = trades.select('tick', (event) => event.data.price)
   */
  readonly select: <Type extends TypeOf<Events> | '*', Value>(
    type: Type,
    selector: (event: EventOf<Events, Type>) => Value,
    options?: SelectOptions<Value>,
  ) => ReadonlySignal<Value | undefined>
  /**
   * What a reducer makes of every event, none skipped: a store that adds up while it is watched.
   *
   * @example
   * const volume = trades.reduce('tick', (sum, event) => sum + event.data.size, 0)
   */
  readonly reduce: <Type extends TypeOf<Events> | '*', Value>(
    type: Type,
    reducer: (value: Value, event: EventOf<Events, Type>) => Value,
    initialValue: Value,
  ) => ReadonlySignal<Value>
  /**
   * Calls `listener` for every event, in order; returns what stops it. `'*'` is every type.
   *
   * @example
   * const stop = trades.on('order', (event) => console.log(event.data))
   */
  readonly on: <Type extends TypeOf<Events> | '*'>(
    type: Type,
    listener: (event: EventOf<Events, Type>) => void,
    options?: ListenOptions,
  ) => () => void
  /** How the connection stands; of several, the least healthy in use. Watching it opens nothing. */
  readonly status: ReadonlySignal<ConnectionStatus>
  /** Why the connection is not open; cleared when it opens. Watching it opens nothing. */
  readonly error: ReadonlySignal<StreamError | undefined>
  /** The last payload that did not decode; cleared by the next of its type that does. */
  readonly decodeError: ReadonlySignal<StreamError | undefined>
  /**
   * One channel of the stream, with the same methods: the same handle for each call.
   *
   * @example
   * trades.channel('eur/usd').latest('tick')
   */
  readonly channel: (name: string) => Stream<Events>
  /** A fresh attempt now, for everyone who shares the connection. */
  readonly reconnect: () => void
  /**
   * Lets go of everything that is read through this handle and its channels. Stores keep their values; one that is
   * still watched is fed again when it is next watched anew.
   */
  readonly close: () => void
}

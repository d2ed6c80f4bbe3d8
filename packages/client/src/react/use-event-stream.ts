import { useSyncExternalStore } from 'react'
import { checkHook } from '#development'
import type { ConnectionStatus } from '../connection/machine.ts'
import type { StreamError } from '../errors.ts'
import type { StreamEvent } from '../event.ts'
import type { DecodeFunction, Decoder } from '../stream/decode.ts'
import type { EventFrom, Handle, OptionsFor, Source, TypeFrom, UrlOptions } from './source.ts'
import { useHandle, type Seat } from './use-handle.ts'
import { reducing, selecting, unseen, viewing, type Functions, type Reading } from './reading.ts'

/**
 * What a component sees of a stream. Reading a field is what makes the component re-render when it changes.
 *
 * @example
 * const { data, status, error } = useEventStream(trades, { event: 'tick' })
 */
export interface EventStreamView<Event extends StreamEvent<unknown>, Initial = undefined> {
  /** The payload of the newest event; before the first, `initialValue`. */
  readonly data: Event['data'] | Initial
  /** The newest event. */
  readonly event: Event | undefined
  /** How the connection stands. */
  readonly status: ConnectionStatus
  /** Why the connection is not open. */
  readonly error: StreamError | undefined
}

/**
 * What is read of a source.
 *
 * @example
 * const options: ReadOptions<string, 'tick', DecodeFunction<Tick>> = { event: 'tick', decode: json() }
 * const { data } = useEventStream('/events', options)
 */
export type ReadOptions<From, Type, Decode> = OptionsFor<From, Decode> & {
  /** The event type; `'*'` for all. Defaults to `'message'`. */
  readonly event?: Type | undefined
}

/**
 * What is shown before the first event: a value that the server rendered, say.
 *
 * @example
 * const { data } = useEventStream(trades, { event: 'tick', initialValue: snapshot.tick })
 */
export interface Starting<Initial> {
  /** Shown by a server render, while hydrating, and until the first event. Defaults to `undefined`. */
  readonly initialValue?: Initial
}

/**
 * What a component makes of the newest event.
 *
 * @example
 * const price = useEventStream(trades, {
 *   event: 'tick', select: ({ data }) => data.price, equals: (a, b) => Math.abs(a - b) < 0.01,
 * })
 */
export interface Selecting<Event, Value> {
  /** Makes of the newest event what the component shows: it re-renders only when that changes. */
  readonly select: (event: Event) => Value
  /** Whether two selected values are the same. Defaults to `Object.is`. */
  readonly equals?: ((a: Value, b: Value) => boolean) | undefined
}

/**
 * What a component makes of all events.
 *
 * @example
 * const volume = useEventStream(trades, {
 *   event: 'tick', reducer: (sum, { data }) => sum + data.size, initialValue: 0,
 * })
 */
export interface Reducing<Event, Value> {
  /** Sees every event, none skipped. */
  readonly reducer: (value: Value, event: Event) => Value
  /** Where each mount starts. */
  readonly initialValue: Value
}

interface EveryOption extends UrlOptions, Functions {
  readonly event?: string | undefined
}

/**
 * Reads a stream: its newest event, what a selector makes of it, or what a reducer makes of all of them.
 *
 * However many components read one URL, they share one connection. It opens when the first is mounted, and closes a
 * second after the last is gone.
 *
 * @example
 * const { data, status } = useEventStream('/events', { event: 'tick', decode: json<Tick>() })
 * const price = useEventStream(trades, { event: 'tick', select: (event) => event.data.price })
 * const count = useEventStream(trades, { event: 'tick', reducer: (n) => n + 1, initialValue: 0 })
 *
 * @example
 * // Rendered on the server: it shows the snapshot, and reads on from its cursor.
 * const { data } = useEventStream('/events', {
 *   event: 'tick', decode: json<Tick>(), initialValue: snapshot.tick, initialLastEventId: snapshot.cursor,
 * })
 */
export function useEventStream<
  From extends Source,
  Value,
  Type extends TypeFrom<From> | 'message' = 'message',
  Decode extends Decoder<unknown> = DecodeFunction<string>,
  Initial = undefined,
>(
  source: From,
  options: ReadOptions<From, Type, Decode> &
    Selecting<EventFrom<From, Type, Decode>, Value> &
    Starting<Initial>,
): Value | Initial
export function useEventStream<
  From extends Source,
  Value,
  Type extends TypeFrom<From> | 'message' = 'message',
  Decode extends Decoder<unknown> = DecodeFunction<string>,
>(
  source: From,
  options: ReadOptions<From, Type, Decode> & Reducing<EventFrom<From, Type, Decode>, Value>,
): Value
export function useEventStream<
  From extends Source,
  Type extends TypeFrom<From> | 'message' = 'message',
  Decode extends Decoder<unknown> = DecodeFunction<string>,
  Initial = undefined,
>(
  source: From,
  options?: ReadOptions<From, Type, Decode> & Starting<Initial>,
): EventStreamView<EventFrom<From, Type, Decode>, Initial>
export function useEventStream(source: Source, options: EveryOption = {}): unknown {
  checkHook(source, options)
  const { subscribe, look } = useHandle(source, options, keptOf)
  return useSyncExternalStore(
    subscribe,
    () => look(options),
    () => look(options, unseen),
  )
}

/** A reading, and what is read in which way. */
interface Kept extends Reading {
  readonly stream: unknown
  readonly type: string
  readonly way: typeof viewing | typeof reducing
}

/** The reading of the last render, where this one reads the same in the same way. */
function keptOf(
  stream: Handle | null | undefined,
  asked: EveryOption,
  seat: Seat<Kept, EveryOption>,
): Kept {
  const { event: type = 'message' } = asked
  const way = asked.reducer ? reducing : asked.select ? selecting : viewing
  const { kept } = seat
  if (kept?.stream === stream && kept?.type === type && kept?.way === way) return kept
  return { ...way(stream, type, asked, seat), stream, type, way }
}

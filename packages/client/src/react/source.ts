import type { StreamUrl } from '../connection/request.ts'
import type { StreamEvent } from '../event.ts'
import type { StreamOptions } from '../options.ts'
import type { Decoder, OutputOf } from '../stream/decode.ts'
import type { AnyStream, EventOf, Stream, TypeOrAll } from '../stream/stream.ts'

/**
 * A handle, or the URL to make one of, or a function that says it at each attempt; `null` reads nothing.
 *
 * A function may be written inline: the newest is called. Each component that reads one has a connection of its own,
 * unless they have a `key` in common.
 *
 * @example
 * function Ticker({ source }: { source: string | Stream<{ tick: Tick }> | null }) {
 *   return <b>{useEventStream(source, { event: 'tick', decode: json<Tick>() }).data?.price}</b>
 * }
 */
export type Source = StreamUrl | AnyStream | null

/**
 * The event types that a source may be read for.
 *
 * @example
 * type Type = TypeFrom<Stream<{ tick: Tick }>> // 'tick', 'message' or '*'; of a URL, string
 */
export type TypeFrom<From> = From extends Stream<infer Events> ? TypeOrAll<Events> : string

/**
 * The events that a source brings: a handle's as its map says, a URL's as `decode` makes them.
 *
 * @example
 * type OfHandle = EventFrom<Stream<{ tick: Tick }>, 'tick', never> // StreamEvent<Tick, 'tick'>
 * type OfUrl = EventFrom<string, 'tick', DecodeFunction<Tick>> // StreamEvent<Tick>
 */
export type EventFrom<From, Type extends string, Decode> =
  From extends Stream<infer Events>
    ? EventOf<Events, Type>
    : From extends AnyStream
      ? StreamEvent<unknown>
      : From extends StreamUrl
        ? StreamEvent<OutputOf<Decode>>
        : never

/**
 * The options for a source: how to connect is for URLs; a handle knows that already.
 *
 * @example
 * type OfHandle = OptionsFor<typeof trades, never> // SourceOptions
 * type OfUrl = OptionsFor<string, DecodeFunction<Tick>> // UrlOptions<DecodeFunction<Tick>>
 */
export type OptionsFor<From, Decode> =
  Extract<From, StreamUrl> extends never ? SourceOptions : UrlOptions<Decode>

/**
 * What is read of a source, and whether.
 *
 * @example
 * useStreamEvent(trades, 'tick', show, { channel: 'eur/usd', enabled: visible })
 */
export interface SourceOptions {
  /** The channel to read; without it, the whole stream. */
  readonly channel?: string | undefined
  /** `false` holds nothing. Defaults to `true`. */
  readonly enabled?: boolean | undefined
}

/**
 * Reading a URL. Options may be written inline: another value, compared by what it holds, reads another stream; of
 * functions (`decode`, `headers`, `onError`, `onGap`) the newest is called. What cannot be compared (other functions, a
 * `FormData`, a `Blob`, a stream) stays as the first render had it: change `key` to send another.
 *
 * @example
 * useStreamEvent('/events', 'tick', ({ data }) => console.log(data.price), { decode: json<Tick>(), credentials: 'include' })
 */
export interface UrlOptions<Decode = Decoder<unknown>>
  extends SourceOptions, Omit<StreamOptions, 'events'> {
  /** Makes the payload of the raw text. Defaults to the text. */
  readonly decode?: Decode | undefined
}

/** A handle, when nobody knows what it carries. */
export type Handle = Stream<Readonly<Record<string, unknown>>>

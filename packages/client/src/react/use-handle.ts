import { useMemo, type RefObject } from 'react'
import type { AttemptContext } from '../connection/attempt.ts'
import type { StreamUrl } from '../connection/request.ts'
import { eventStream } from '../default-pool.ts'
import type { StreamEvent } from '../event.ts'
import type { StreamOptions } from '../options.ts'
import { text, type Decoder, type OutputOf } from '../stream/decode.ts'
import type { AnyStream, EventMap, EventOf, Stream, TypeOrAll } from '../stream/stream.ts'
import { usePool } from './pool-provider.ts'
import { useNewest } from './use-newest.ts'

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

/** What the newest render of a hook was given. */
type Newest<Options> = RefObject<{ readonly source: Source; readonly options: Options }>

/** The handle that a hook reads: the same one, however its options are written, until what they ask for changes. */
export function useHandle<Options extends UrlOptions>(
  source: Source,
  type: string,
  options: Options,
): { readonly stream: Handle | undefined; readonly newest: Newest<Options> } {
  const pool = usePool()
  const newest = useNewest({ source, options })
  const { channel, enabled = true } = options
  const handle = isHandle(source) ? (source as Handle) : undefined
  // From JavaScript, nothing may be `undefined` too.
  const read = handle ? undefined : ((source ?? undefined) as StreamUrl | undefined)
  // A function, too, counts by being there.
  const url = typeof read === 'function' ? true : read?.toString()
  const key = url === undefined ? undefined : handleKey(options)

  const made = useMemo(() => {
    if (read === undefined) return undefined
    // An inline function is another one at each render: the newest is the one to call, and it itself is what the
    // stream is given, so that components with the same function share its work.
    const events: EventMap = {
      get [type]() {
        return newest.current.options.decode ?? text
      },
    }
    const said = typeof read === 'function' ? newestOf(read, newest) : String(read)
    return eventStream<EventMap>(said, { ...options, ...called(options, newest), pool, events })
    // What matters of the options is in the key.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pool, url, key, type])

  const stream = enabled ? (handle ?? made) : undefined
  return { stream: channel === undefined ? stream : stream?.channel(channel), newest }
}

function isHandle(source: Source): source is AnyStream {
  return typeof source === 'object' && source !== null && 'latest' in source
}

type UrlFunction = Extract<StreamUrl, (context: AttemptContext) => unknown>

/** A function that calls the newest render's: the first one's, where that has none any more. */
function newestOf(first: UrlFunction, newest: Newest<UrlOptions>): UrlFunction {
  return (context) => {
    const now = newest.current.source
    return (typeof now === 'function' ? now : first)(context)
  }
}

const callbacks = ['headers', 'onError', 'onGap'] as const

/** The options that are functions, as functions that call the newest render's. */
function called(options: UrlOptions, newest: Newest<UrlOptions>): Partial<StreamOptions> {
  const functions = callbacks.filter((name) => typeof options[name] === 'function')
  return Object.fromEntries(
    functions.map((name) => [
      name,
      (argument: never) => {
        const now = newest.current.options[name]
        return typeof now === 'function' ? now(argument) : now
      },
    ]),
  )
}

// What asks for no other stream.
const ownOfHook = new Set([
  'event',
  'channel',
  'enabled',
  'decode',
  'initialLastEventId',
  'select',
  'equals',
  'reducer',
  'initialValue',
])

/** Two renders that ask for the same have the same key, whether or not their objects are the same. */
function handleKey(options: UrlOptions): string {
  const asked = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !ownOfHook.has(name),
  )
  return JSON.stringify(asked, (_, value: unknown) => {
    if (value instanceof URLSearchParams) return String(value)
    // Functions, and what can only be read, count by being there.
    const opaque = typeof value === 'function' || (typeof value === 'object' && !isPlain(value))
    return opaque ? true : value
  })
}

function isPlain(value: object | null): boolean {
  return (
    value === null || [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))
  )
}

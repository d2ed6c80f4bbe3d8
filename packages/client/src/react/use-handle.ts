import { useInsertionEffect, useRef, type RefObject } from 'react'
import type { AttemptContext } from '../connection/attempt.ts'
import type { StreamUrl } from '../connection/request.ts'
import { eventStream } from '../default-pool.ts'
import type { StreamEvent } from '../event.ts'
import type { StreamOptions } from '../options.ts'
import { text, type Decoder, type OutputOf } from '../stream/decode.ts'
import type { AnyStream, EventMap, EventOf, Stream, TypeOrAll } from '../stream/stream.ts'
import type { Pool } from '../pool.ts'
import { usePool } from './pool-provider.ts'

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

/** What one render of a hook was given. */
export interface Asked<Kept = unknown, Options = UrlOptions> {
  readonly source: Source
  readonly type: string
  readonly options: Options
  readonly pool: Pool | undefined
  /** The newest render that was committed: one that React throws away leaves no trace. */
  readonly newest: RefObject<Render<Kept, Options> | undefined>
}

/** The same, with what was made of it for the next to go on with. */
export interface Render<Kept = unknown, Options = UrlOptions> extends Asked<Kept, Options> {
  /** The handle on a URL, and what asks for another. */
  readonly made: { readonly handle: Handle; readonly key: string } | undefined
  /** What is read; nothing while the hook is switched off. */
  readonly stream: Handle | undefined
  /** What the hook itself wants to find again. */
  readonly kept: Kept
}

/** Finds what a hook reads: the same stream, however its options are written, until what they ask for changes. */
export function useHandle<Kept, Options extends UrlOptions>(
  source: Source,
  type: string,
  options: Options,
  keep: (asked: Asked<Kept, Options>, stream: Handle | undefined) => Kept,
): Render<Kept, Options> {
  const pool = usePool()
  const newest = useRef<Render<Kept, Options>>(undefined)
  // Only a commit moves the ref: until the next, every render finds the same in it, as it does with `useMemo`.
  // oxlint-disable-next-line react/refs
  const render = rendered({ source, type, options, pool, newest }, keep)
  // Before every other effect of the same commit, so that those see it already.
  useInsertionEffect(() => {
    newest.current = render
  })
  return render
}

function rendered<Kept, Options extends UrlOptions>(
  asked: Asked<Kept, Options>,
  keep: (asked: Asked<Kept, Options>, stream: Handle | undefined) => Kept,
): Render<Kept, Options> {
  const { source, options } = asked
  const { channel, enabled = true } = options
  const given = isHandle(source) ? source : undefined
  const made = given ? undefined : madeOf(asked)
  const whole = enabled ? (given ?? made?.handle) : undefined
  const stream = channel === undefined ? whole : whole?.channel(channel)
  return { ...asked, made, stream, kept: keep(asked, stream) }
}

function isHandle(source: Source): source is Handle {
  return typeof source === 'object' && source !== null && 'latest' in source
}

/** What the last render made of a URL, where this one asks for the same. */
function madeOf(asked: Asked): Render['made'] {
  const { type, options, pool, newest } = asked
  // From JavaScript, nothing may be `undefined` too.
  const source = (asked.source ?? undefined) as StreamUrl | undefined
  if (source === undefined) return undefined
  const key = handleKey(asked)
  const before = newest.current
  if (before?.pool === pool && before?.made?.key === key) return before.made
  const now = () => newest.current ?? asked
  // An inline function is another one at each render: the newest is the one to call, and it itself is what the
  // stream is given, so that components with the same function share its work.
  const events: EventMap = {
    get [type]() {
      return now().options.decode ?? text
    },
  }
  const said = typeof source === 'function' ? newestOf(source, now) : String(source)
  const handle = eventStream<EventMap>(said, { ...options, ...called(options, now), pool, events })
  return { handle, key }
}

type UrlFunction = Extract<StreamUrl, (context: AttemptContext) => unknown>

/** A function that calls the newest render's: the first one's, where that has none any more. */
function newestOf(first: UrlFunction, now: () => Asked): UrlFunction {
  return (context) => {
    const { source } = now()
    return (typeof source === 'function' ? source : first)(context)
  }
}

const callbacks = ['headers', 'onError', 'onGap'] as const

/** The options that are functions, as functions that call the newest render's. */
function called(options: UrlOptions, now: () => Asked): Partial<StreamOptions> {
  const functions = callbacks.filter((name) => typeof options[name] === 'function')
  return Object.fromEntries(
    functions.map((name) => [
      name,
      (argument: never) => {
        const option = now().options[name]
        return typeof option === 'function' ? option(argument) : option
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
function handleKey({ source, type, options }: Asked): string {
  const asked = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !ownOfHook.has(name),
  )
  return JSON.stringify([source, type, asked], (_, value: unknown) => {
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

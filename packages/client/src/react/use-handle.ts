import { useMemo, type RefObject } from 'react'
import { eventStream } from '../default-pool.ts'
import type { StreamEvent } from '../event.ts'
import type { StreamOptions } from '../options.ts'
import { text, type Decoder, type OutputOf } from '../stream/decode.ts'
import type { AnyStream, EventMap, EventOf, Stream, TypeOrAll } from '../stream/stream.ts'
import { usePool } from './pool-provider.ts'
import { useNewest } from './use-newest.ts'

/**
 * A handle, or the URL to make one of; `null` reads nothing.
 *
 * @example
 * function Ticker({ source }: { source: string | Stream<{ tick: Tick }> | null }) {
 *   return <b>{useEventStream(source, { event: 'tick', decode: json<Tick>() }).data?.price}</b>
 * }
 */
export type Source = string | URL | AnyStream | null

/** The event types that a source may be read for. */
export type TypeFrom<From> = From extends Stream<infer Events> ? TypeOrAll<Events> : string

/** The events that a source brings: a handle's as its map says, a URL's as `decode` makes them. */
export type EventFrom<From, Type extends string, Decode> =
  From extends Stream<infer Events>
    ? EventOf<Events, Type>
    : From extends AnyStream
      ? StreamEvent<unknown>
      : From extends string | URL
        ? StreamEvent<OutputOf<Decode>>
        : never

/** The options for a source: how to connect is for URLs; a handle knows that already. */
export type OptionsFor<From, Decode> =
  Extract<From, string | URL> extends never ? SourceOptions : UrlOptions<Decode>

/** What is read of a source, and whether. */
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
 */
export interface UrlOptions<Decode = Decoder<unknown>>
  extends SourceOptions, Omit<StreamOptions, 'events'> {
  /** Makes the payload of the raw text. Defaults to the text. */
  readonly decode?: Decode | undefined
}

/** A handle, when nobody knows what it carries. */
export type Handle = Stream<Readonly<Record<string, unknown>>>

/** The handle that a hook reads: the same one, however its options are written, until what they ask for changes. */
export function useHandle(source: Source, type: string, options: UrlOptions): Handle | undefined {
  const pool = usePool()
  const newest = useNewest(options)
  const { channel, enabled = true } = options
  // From JavaScript, nothing may be `undefined` too.
  const nothing = (source ?? null) === null
  const url = nothing || isHandle(source) ? undefined : String(source)
  const key = url === undefined ? undefined : handleKey(options)

  const made = useMemo(() => {
    if (url === undefined) return undefined
    // An inline function is another one at each render: the newest is the one to call, and it itself is what the
    // stream is given, so that components with the same function share its work.
    const events: EventMap = {
      get [type]() {
        return newest.current.decode ?? text
      },
    }
    return eventStream<EventMap>(url, { ...options, ...called(options, newest), pool, events })
    // What matters of the options is in the key.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pool, url, key, type])

  if (!enabled || nothing) return undefined
  const handle = isHandle(source) ? (source as Handle) : made
  return channel === undefined ? handle : handle?.channel(channel)
}

function isHandle(source: Source): source is AnyStream {
  return typeof source === 'object' && source !== null && 'latest' in source
}

const callbacks = ['headers', 'onError', 'onGap'] as const

/** The options that are functions, as functions that call the newest render's. */
function called(options: UrlOptions, newest: RefObject<UrlOptions>): Partial<StreamOptions> {
  const functions = callbacks.filter((name) => typeof options[name] === 'function')
  return Object.fromEntries(
    functions.map((name) => [
      name,
      (argument: never) => {
        const now = newest.current[name]
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

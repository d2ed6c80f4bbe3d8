import { useMemo } from 'react'
import type { AttemptContext } from '../connection/attempt.ts'
import { eventStream } from '../default-pool.ts'
import type { StreamEvent } from '../event.ts'
import type { StreamOptions } from '../options.ts'
import { text, type Decoder, type OutputOf } from '../stream/decode.ts'
import type { AnyStream, EventMap, EventOf, Stream, TypeOrAll } from '../stream/stream.ts'
import { usePool } from './pool-provider.ts'
import { useNewest } from './use-newest.ts'

/** A handle, or the URL to make one of; `null` reads nothing. */
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

export interface SourceOptions {
  /** The channel to read; without it, the whole stream. */
  readonly channel?: string | undefined
  /** `false` holds nothing. Defaults to `true`. */
  readonly enabled?: boolean | undefined
}

/**
 * Reading a URL. What the request says may change at any render; of functions (`decode`, `headers`, `onError`) the
 * newest is called. All else is as the first render said, until the request is another one; a body that cannot be
 * compared (`FormData`, a `Blob`, a stream) too: change `key` to send another.
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
    const { headers, onError, ...rest } = options
    // An inline function is another one at each render: the newest is the one to call, and it itself is what the
    // stream is given, so that components with the same function share its work.
    const events: EventMap = {
      get [type]() {
        return newest.current.decode ?? text
      },
    }
    return eventStream<EventMap>(url, {
      ...rest,
      pool,
      events,
      headers:
        typeof headers === 'function' ? (context) => headersOf(newest.current, context) : headers,
      onError: onError && ((error) => newest.current.onError?.(error)),
    })
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

async function headersOf(
  { headers }: UrlOptions,
  context: AttemptContext,
): Promise<Readonly<Record<string, string>>> {
  return typeof headers === 'function' ? headers(context) : (headers ?? {})
}

/** Two renders that ask for the same have the same key, whether or not their objects are the same. */
function handleKey(options: UrlOptions): string {
  const { method, headers, body, credentials, withCredentials, key, lastEventIdParam } = options
  return JSON.stringify([
    method,
    typeof headers === 'function' ? true : headers,
    // A body that can only be read is another object at each render: it counts with what else is asked.
    body instanceof URLSearchParams || typeof body !== 'object' ? String(body) : true,
    credentials,
    withCredentials,
    key,
    lastEventIdParam,
  ])
}

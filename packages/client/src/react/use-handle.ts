import { useMemo } from 'react'
import type { AttemptContext } from '../connection/attempt.ts'
import { eventStream } from '../default-pool.ts'
import type { StreamOptions } from '../options.ts'
import { text, type Decoder } from '../stream/decode.ts'
import type { AnyEvents, EventMap, Stream } from '../stream/stream.ts'
import { usePool } from './pool-provider.ts'
import { useNewest } from './use-newest.ts'

/** A handle, or the URL to make one of; `null` reads nothing. */
export type Source<Events = AnyEvents> = string | URL | Stream<Events> | null

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
export interface UrlOptions extends SourceOptions, Omit<StreamOptions, 'events'> {
  /** Makes the payload of the raw text. Defaults to the text. */
  readonly decode?: Decoder<unknown> | undefined
}

/** The handle that a hook reads: the same one, however its options are written, until what they ask for changes. */
export function useHandle(
  source: Source<never>,
  type: string,
  options: UrlOptions,
): Stream<EventMap> | undefined {
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
  const handle = isHandle(source) ? (source as unknown as Stream<EventMap>) : made
  return channel === undefined ? handle : handle?.channel(channel)
}

function isHandle(source: Source<never>): source is Stream<never> {
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

import { useMemo } from 'react'
import { eventStream } from '../default-pool.ts'
import type { StreamOptions } from '../pool.ts'
import { text, type Decoder } from '../stream/decode.ts'
import type { AnyEvents, EventMap, Stream } from '../stream/stream.ts'
import { usePool } from './pool-provider.ts'
import { useNewest } from './use-newest.ts'

/** A handle, or the URL to make one of; `null` reads nothing. */
export type Source<Events = AnyEvents> = string | URL | Stream<Events> | null

export interface HandleOptions extends Omit<StreamOptions, 'events'> {
  /** The channel to read; without it, the whole stream. */
  readonly channel?: string | undefined
  /** Makes the payload, where the source is a URL; a handle has decoders of its own. */
  readonly decode?: Decoder<unknown> | undefined
  /** `false` holds nothing. Defaults to `true`. */
  readonly enabled?: boolean | undefined
}

/** The handle that a hook reads: the same one, however its options are written, until what they ask for changes. */
export function useHandle(
  source: Source<never>,
  type: string,
  options: HandleOptions,
): Stream<EventMap> | undefined {
  const pool = usePool()
  const newest = useNewest(options)
  const { channel, enabled = true } = options
  const url = source === null || isHandle(source) ? undefined : String(source)
  const key = url === undefined ? undefined : handleKey(options)

  const made = useMemo(() => {
    if (url === undefined) return undefined
    const { headers, ...rest } = options
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
      headers: typeof headers === 'function' ? () => headersOf(newest.current) : headers,
    })
    // What matters of the options is in the key.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pool, url, key, type, options.body])

  if (!enabled || source === null) return undefined
  const handle = isHandle(source) ? (source as unknown as Stream<EventMap>) : made
  return channel === undefined ? handle : handle?.channel(channel)
}

function isHandle(source: Exclude<Source<never>, null>): source is Stream<never> {
  return typeof source === 'object' && 'latest' in source
}

function headersOf({ headers }: HandleOptions): Promise<Readonly<Record<string, string>>> {
  return Promise.resolve(typeof headers === 'function' ? headers() : (headers ?? {}))
}

/** Two renders that ask for the same have the same key, whether or not their objects are the same. */
function handleKey({ method, headers, body, credentials, withCredentials, key }: HandleOptions) {
  return JSON.stringify([
    method,
    typeof headers === 'function' ? true : headers,
    typeof body === 'string' ? body : undefined,
    credentials,
    withCredentials,
    key,
  ])
}

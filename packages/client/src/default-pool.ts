import { signal, type Signal } from '@preact/signals-core'
import { checkOptions, checkPool } from '#development'
import type { StreamUrl } from './connection/request.ts'
import type { StreamOptions } from './options.ts'
import { createPool, streamIn, type Pool } from './pool.ts'
import type { EventMap, EventsOf, NoMap, Stream } from './stream/stream.ts'

interface Home {
  // A signal: what looks at a stream that nobody has read yet follows when the pool is replaced.
  readonly current: Signal<Pool | undefined>
  first: Pool | undefined
  /** Those that were put in its place, the newest last. */
  readonly instead: Set<{ readonly pool: Pool }>
}

const HOME = Symbol.for('millrace.default-pool')

/** One for the page, so that a module that a developer's tools load anew finds the connections of the old one. */
function home(): Home {
  const page = globalThis as { [HOME]?: Home }
  return (page[HOME] ??= { current: signal(), first: undefined, instead: new Set() })
}

/** The pool of every handle that was given none; made when it is first needed. */
function defaultPool(): Pool {
  const here = home()
  return here.current.value ?? (here.first ??= createPool())
}

/**
 * Replaces the default pool for handles that are held from now on; returns what takes it out again. The default is the
 * newest of those that are still in, in whatever order they are taken out.
 *
 * @example
 * const restore = setDefaultPool(createPool({ linger: 0 }))
 */
export function setDefaultPool(pool: Pool): () => void {
  checkPool(pool)
  const { current, instead } = home()
  const place = { pool }
  instead.add(place)
  current.value = pool
  return () => {
    instead.delete(place)
    current.value = [...instead].at(-1)?.pool
  }
}

/**
 * A handle on a stream: it costs nothing and opens nothing, until somebody reads it.
 *
 * @example
 * const trades = eventStream('/events', { events: { tick: json<{ price: number }>() } })
 * trades.latest('tick').subscribe((event) => console.log(event?.data.price))
 */
export function eventStream<Map extends EventMap = NoMap>(
  url: StreamUrl,
  options: StreamOptions<Map> & { readonly pool?: Pool | undefined } = {},
): Stream<EventsOf<NoInfer<Map>>> {
  checkOptions(options)
  const { pool, ...own } = options
  if (pool !== undefined) checkPool(pool)
  return streamIn(() => pool ?? defaultPool(), url, own)
}

import { signal, type Signal } from '@preact/signals-core'
import type { StreamUrl } from './connection/request.ts'
import type { StreamOptions } from './options.ts'
import { createPool, streamIn, type Pool } from './pool.ts'
import type { EventMap, EventsOf, NoMap, Stream } from './stream/stream.ts'

interface Home {
  // A signal: what looks at a stream that nobody has read yet follows when the pool is replaced.
  readonly current: Signal<Pool | undefined>
  first: Pool | undefined
}

const HOME = Symbol.for('millrace.default-pool')

/** One for the page, so that a module that a developer's tools load anew finds the connections of the old one. */
function home(): Home {
  const page = globalThis as { [HOME]?: Home }
  return (page[HOME] ??= { current: signal(), first: undefined })
}

/** The pool of every handle that was given none; made when it is first needed. */
function defaultPool(): Pool {
  const here = home()
  return here.current.value ?? (here.first ??= createPool())
}

/**
 * Replaces the default pool for handles that are held from now on; returns what puts the old one back.
 *
 * @example
 * const restore = setDefaultPool(createPool({ linger: 0 }))
 */
export function setDefaultPool(pool: Pool): () => void {
  const { current } = home()
  const former = current.peek()
  current.value = pool
  return () => {
    if (current.peek() === pool) current.value = former
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
  { pool, ...options }: StreamOptions<Map> & { readonly pool?: Pool | undefined } = {},
): Stream<EventsOf<NoInfer<Map>>> {
  return streamIn(() => pool ?? defaultPool(), url, options)
}

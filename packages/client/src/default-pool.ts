import { signal, type Signal } from '@preact/signals-core'
import { checkOptions, checkPool } from '#development'
import type { StreamUrl } from './connection/request.ts'
import type { StreamOptions } from './options.ts'
import { createPool, streamIn, type Pool } from './pool.ts'
import type { EventMap, EventsOf, NoMap, Stream } from './stream/stream.ts'

interface Home {
  /** Those that were put in the place of the first, the newest last. A signal: who looks at a stream follows it. */
  readonly instead: Signal<readonly { readonly pool: Pool }[]>
  first: Pool | undefined
}

const HOME = Symbol.for('millrace.default-pool')

/** One for the page, so that a module that a developer's tools load anew finds the connections of the old one. */
function home(): Home {
  const page = globalThis as { [HOME]?: Home }
  return (page[HOME] ??= { instead: signal([]), first: undefined })
}

/** The pool of every handle that was given none; made when it is first needed. */
function defaultPool(): Pool {
  const here = home()
  return here.instead.value.at(-1)?.pool ?? (here.first ??= createPool())
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
  const { instead } = home()
  const place = { pool }
  instead.value = [...instead.peek(), place]
  return () => {
    instead.value = instead.peek().filter((other) => other !== place)
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

import { createPool, json, setDefaultPool, type Pool } from 'millrace'
import { useEventStream } from 'millrace/react'
import { typeOf } from '../wire/fixture.ts'
import { LINGER, type Quote, type Source } from './board.tsx'

/** The same with Millrace, as an app has it that names its streams. */
export function millraceSource(url: string, fetch: typeof globalThis.fetch, types: number): Source {
  const pool = createPool({ linger: LINGER })
  const names = Array.from({ length: types }, (_, index) => typeOf(index))
  const events = Object.fromEntries(names.map((name) => [name, json<Quote>()]))
  const quotes = pool.stream(url, { fetch, events })
  return {
    useQuote: (event) => useEventStream(quotes, { event }).data,
    quiet: () => isQuiet(pool),
  }
}

/** … and as one has it whose components name the URL, each for itself. */
export function millraceByUrlSource(url: string, fetch: typeof globalThis.fetch): Source {
  const pool = createPool({ linger: LINGER })
  setDefaultPool(pool)
  return {
    useQuote: (event) => useEventStream(url, { event, decode: json<Quote>(), fetch }).data,
    quiet: () => isQuiet(pool),
  }
}

function isQuiet(pool: Pool): boolean {
  return pool.connections.peek().length === 0
}

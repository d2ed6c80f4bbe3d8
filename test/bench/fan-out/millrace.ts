import { createPool, json } from 'millrace'
import { useEventStream } from 'millrace/react'
import { typeOf } from '../wire/fixture.ts'
import { LINGER, type Quote, type Source } from './board.tsx'

/** The same with Millrace, as an app has it. */
export function millraceSource(url: string, fetch: typeof globalThis.fetch, types: number): Source {
  const pool = createPool({ linger: LINGER })
  const names = Array.from({ length: types }, (_, index) => typeOf(index))
  const events = Object.fromEntries(names.map((name) => [name, json<Quote>()]))
  const quotes = pool.stream(url, { fetch, events })
  return {
    useQuote: (event) => useEventStream(quotes, { event }).data,
    quiet: () => pool.connections.peek().length === 0,
  }
}

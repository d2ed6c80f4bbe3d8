import { eventStream, json, multiplex, type Decoder, type EventsOf, type Stream } from 'millrace'
import { tickers, type Ticker } from '../../wire/catalogue.ts'
import type { Headline, Tick } from '../../wire/market.ts'
import { pool } from '../pool.ts'
import { snapshot } from './snapshot.ts'

type EventMap = Readonly<Record<Ticker, Decoder<Tick>>> & { readonly headline: Decoder<Headline> }

const ticks = Object.fromEntries(tickers.map((ticker) => [ticker, json<Tick>()]))

/**
 * The one handle that everything on this page reads, whatever it is written in.
 *
 * A channel is a sector, an event type is a symbol. `multiplex` asks for every channel in use over one connection, and
 * the cursor of the snapshot has the server begin with the event after it.
 */
export const market: Stream<EventsOf<EventMap>> = eventStream('/market/events', {
  pool,
  channels: multiplex(),
  events: { ...ticks, headline: json<Headline>() } as EventMap,
  initialLastEventId: snapshot.cursor,
  // Nobody wants to watch a demonstration wait for half a minute.
  retry: { maxDelay: 2_000, jitter: 0.25 },
})

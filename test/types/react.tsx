// Compiled by `npm run types`, never run: what must compile does, and what must not is marked.
import { eventStream, json, text, type AnyStream, type Stream, type StreamEvent } from 'millrace'
import { useEventStream, useStore, useStreamEvent, useStreamStatus } from 'millrace/react'
import { expectTypeOf } from 'vitest'
import { z } from 'zod'

interface Tick {
  readonly price: number
}

const trades = eventStream('/events', {
  events: { tick: json<Tick>(), note: text, size: (raw: string) => raw.length },
})

/** A handle: its map says what it carries. */
export function OfHandle(): null {
  const { data, event } = useEventStream(trades, { event: 'tick' })
  expectTypeOf(data).toEqualTypeOf<Tick | undefined>()
  expectTypeOf(event?.type).toEqualTypeOf<'tick' | undefined>()
  expectTypeOf(useEventStream(trades).data).toEqualTypeOf<string | undefined>()

  const price = useEventStream(trades, { event: 'tick', select: (tick) => tick.data.price })
  expectTypeOf(price).toEqualTypeOf<number | undefined>()

  const total = useEventStream(trades, {
    event: 'tick',
    reducer: (sum: number, tick) => sum + tick.data.price,
    initialValue: 0,
  })
  expectTypeOf(total).toEqualTypeOf<number>()

  const any = useEventStream(trades, { event: '*' }).event
  if (any?.type === 'tick') expectTypeOf(any.data).toEqualTypeOf<Tick>()

  // @ts-expect-error a type that the map does not have
  useEventStream(trades, { event: 'typo' })
  // @ts-expect-error a handle has its decoders
  useEventStream(trades, { event: 'tick', decode: json<Tick>() })
  // @ts-expect-error a handle has its request
  useEventStream(trades, { event: 'tick', headers: {} })
  useStreamEvent(trades, 'note', (note) => expectTypeOf(note.data).toEqualTypeOf<string>())
  useStreamEvent(trades, '*', (one) => {
    if (one.type === 'size') expectTypeOf(one.data).toEqualTypeOf<number>()
  })
  // @ts-expect-error a note is a string
  useStreamEvent(trades, 'note', (note) => note.data.price)
  // @ts-expect-error a type that the map does not have
  useStreamEvent(trades, 'typo', () => {})
  expectTypeOf(useStore(trades.history('tick'))).toEqualTypeOf<
    readonly StreamEvent<Tick, 'tick'>[]
  >()
  return null
}

declare function tokenOf(signal: AbortSignal): Promise<string>

/** A URL: `decode` says what it carries. */
export function OfUrl(): null {
  const { data } = useEventStream('/events', { event: 'tick', decode: json<Tick>() })
  expectTypeOf(data).toEqualTypeOf<Tick | undefined>()
  expectTypeOf(useEventStream('/events').data).toEqualTypeOf<string | undefined>()
  expectTypeOf(useEventStream(new URL('https://example.test')).data).toEqualTypeOf<
    string | undefined
  >()

  const schema = z.object({ id: z.string() })
  expectTypeOf(useEventStream('/events', { decode: schema }).data).toEqualTypeOf<
    { id: string } | undefined
  >()

  const picked = useEventStream('/events', {
    decode: json<Tick>(),
    select: (tick) => tick.data.price,
  })
  expectTypeOf(picked).toEqualTypeOf<number | undefined>()

  const inline = useEventStream('/events', {
    decode: (raw, event) => ({ size: raw.length, id: event.lastEventId }),
    select: (event) => event.data.size,
  })
  expectTypeOf(inline).toEqualTypeOf<number | undefined>()

  const sum = useEventStream('/events', {
    decode: schema,
    reducer: (count: number, event) => count + event.data.id.length,
    initialValue: 0,
  })
  expectTypeOf(sum).toEqualTypeOf<number>()
  useStreamEvent('/events', 'order', (event) => expectTypeOf(event.data).toEqualTypeOf<string>())
  useStreamEvent('/events', 'order', (event) => event.data.id, { decode: schema })
  // A function says it at each attempt.
  const said = useEventStream(async ({ signal }) => new URL(await tokenOf(signal)), {
    event: 'tick',
    decode: json<Tick>(),
    key: 'ann',
  })
  expectTypeOf(said.data).toEqualTypeOf<Tick | undefined>()
  useStreamEvent(
    () => '/events',
    'order',
    (event) => expectTypeOf(event.data).toEqualTypeOf<string>(),
  )
  useStreamStatus(() => '/events', { key: 'ann' })
  // @ts-expect-error a function says a URL
  useEventStream(() => 7)
  // @ts-expect-error no decoder
  useEventStream('/events', { decode: 42 })
  return null
}

/** What is shown before the first event is there from the start. */
export function Starting({ first, tick }: { first: Tick; tick: Tick | null }): null {
  const started = useEventStream(trades, { event: 'tick', initialValue: first })
  expectTypeOf(started.data).toEqualTypeOf<Tick>()
  expectTypeOf(started.event).toEqualTypeOf<StreamEvent<Tick, 'tick'> | undefined>()
  const maybe = useEventStream(trades, { event: 'tick', initialValue: tick })
  expectTypeOf(maybe.data).toEqualTypeOf<Tick | null>()
  const price = useEventStream(trades, {
    event: 'tick',
    select: (event) => event.data.price,
    initialValue: 0,
  })
  expectTypeOf(price).toEqualTypeOf<number>()
  const shown = useEventStream('/events', {
    decode: json<Tick>(),
    select: (event) => event.data.price,
    initialValue: '–',
    initialLastEventId: '17',
  })
  expectTypeOf(shown).toEqualTypeOf<number | string>()
  return null
}

/** Either, or nothing: what each brings. */
export function OfEither({ source }: { source: string | Stream<{ tick: Tick }> | null }): null {
  const { data } = useEventStream(source, { event: 'tick', decode: json<Tick>() })
  expectTypeOf(data).toEqualTypeOf<Tick | undefined>()
  expectTypeOf(useEventStream(source, { event: 'tick' }).data).toEqualTypeOf<
    Tick | string | undefined
  >()
  useStreamEvent(source, 'tick', (event) => expectTypeOf(event.data).toEqualTypeOf<Tick | string>())
  expectTypeOf(useEventStream(null).data).toEqualTypeOf<undefined>()
  return null
}

/** Any stream at all: payloads are unknown. */
export function OfAny({ stream }: { stream: AnyStream }): null {
  expectTypeOf(useStreamStatus(stream)).toEqualTypeOf<typeof stream.status.value>()
  expectTypeOf(useEventStream(stream, { event: 'whatever' }).data).toEqualTypeOf<unknown>()
  useStreamStatus('/events', { headers: { a: 'b' } })
  useStreamStatus(stream, { channel: 'eur' })
  // @ts-expect-error a handle has its request
  useStreamStatus(stream, { headers: { a: 'b' } })
  return null
}

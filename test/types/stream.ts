// Compiled by `npm run types`, never run: what must compile does, and what must not is marked.
import { eventStream, json, text, type StreamEvent } from 'millrace'
import { useEventStream, useStreamEvent } from 'millrace/react'
import { expectTypeOf } from 'vitest'

interface Tick {
  readonly price: number
}

const trades = eventStream('/events', {
  events: { tick: json<Tick>(), note: text, size: (raw: string) => raw.length },
})
const loose = eventStream('/events')

expectTypeOf(trades.latest('tick').value).toEqualTypeOf<StreamEvent<Tick, 'tick'> | undefined>()
expectTypeOf(trades.latest('size').value?.data).toEqualTypeOf<number | undefined>()
expectTypeOf(trades.latest('message').value?.data).toEqualTypeOf<string | undefined>()
expectTypeOf(loose.latest('anything').value?.data).toEqualTypeOf<string | undefined>()
// @ts-expect-error a type that the map does not have
trades.latest('typo')

expectTypeOf(trades.select('tick', (event) => event.data.price).value).toEqualTypeOf<
  number | undefined
>()
expectTypeOf(
  trades.reduce('tick', (sum: number, event) => sum + event.data.price, 0).value,
).toEqualTypeOf<number>()
// @ts-expect-error a tick has no such field
trades.select('tick', (event) => event.data.prize)
// @ts-expect-error stores are read-only
trades.latest('tick').value = undefined

trades.on('*', (event) => {
  if (event.type === 'tick') expectTypeOf(event.data).toEqualTypeOf<Tick>()
  if (event.type === 'note') expectTypeOf(event.data).toEqualTypeOf<string>()
})
expectTypeOf(trades.channel('eur/usd')).toEqualTypeOf(trades)

/** A component: hooks are called in one. */
export function Component(): null {
  const { data, event } = useEventStream(trades, { event: 'tick' })
  expectTypeOf(data).toEqualTypeOf<Tick | undefined>()
  expectTypeOf(event?.type).toEqualTypeOf<'tick' | undefined>()

  const price = useEventStream(trades, { event: 'tick', select: (tick) => tick.data.price })
  expectTypeOf(price).toEqualTypeOf<number | undefined>()

  const total = useEventStream(trades, {
    event: 'tick',
    reducer: (sum: number, tick) => sum + tick.data.price,
    initialValue: 0,
  })
  expectTypeOf(total).toEqualTypeOf<number>()

  const byUrl = useEventStream('/events', { event: 'tick', decode: json<Tick>() })
  expectTypeOf(byUrl.data).toEqualTypeOf<Tick | undefined>()
  expectTypeOf(useEventStream('/events').data).toEqualTypeOf<string | undefined>()

  const picked = useEventStream('/events', {
    decode: json<Tick>(),
    select: (tick) => tick.data.price,
  })
  expectTypeOf(picked).toEqualTypeOf<number | undefined>()

  // @ts-expect-error a type that the map does not have
  useEventStream(trades, { event: 'typo' })
  useStreamEvent(trades, 'note', (note) => expectTypeOf(note.data).toEqualTypeOf<string>())
  // @ts-expect-error a note is a string
  useStreamEvent(trades, 'note', (note) => note.data.price)
  return null
}

// Compiled by `npm run types`, never run: what must compile does, and what must not is marked.
import {
  eventStream,
  json,
  multiplex,
  text,
  type AnyStream,
  type EventMap,
  type ReadonlySignal,
  type Stream,
  type StreamEvent,
} from 'millrace'
import { array, checkAsync, number, object, pipe, pipeAsync, string, transform } from 'valibot'
import { expectTypeOf } from 'vitest'
import { z } from 'zod'

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
  trades.reduce('tick', (sum: number, event) => sum + event.data.price, 0, { onGap: 'restart' })
    .value,
).toEqualTypeOf<number>()
expectTypeOf(trades.history('note', { limit: 50, onGap: 'keep' }).value).toEqualTypeOf<
  readonly StreamEvent<string, 'note'>[]
>()
// @ts-expect-error a tick has no such field
trades.select('tick', (event) => event.data.prize)
// @ts-expect-error a type that the map does not have
trades.reduce('typo', (sum: number) => sum, 0)
// @ts-expect-error a type that the map does not have
trades.history('typo')
// @ts-expect-error a gap is kept or restarts
trades.history('tick', { onGap: 'forget' })
// What a method returns can be named.
export const named: ReadonlySignal<StreamEvent<Tick, 'tick'> | undefined> = trades.latest('tick')
// @ts-expect-error stores are read-only
trades.latest('tick').value = undefined
// @ts-expect-error a history is a snapshot
trades.history('tick').value.pop()

trades.on('*', (event) => {
  if (event.type === 'tick') expectTypeOf(event.data).toEqualTypeOf<Tick>()
  if (event.type === 'note') expectTypeOf(event.data).toEqualTypeOf<string>()
  // @ts-expect-error a type that the map does not have
  if (event.type === 'typo') throw new Error('never')
})
trades.on(['tick', 'size'], (event) => {
  expectTypeOf(event).toEqualTypeOf<StreamEvent<Tick, 'tick'> | StreamEvent<number, 'size'>>()
  if (event.type === 'tick') expectTypeOf(event.data).toEqualTypeOf<Tick>()
})
trades.on('tick', (event) => expectTypeOf(event.data).toEqualTypeOf<Tick>(), { once: true })
loose.on(['a', 'b'], (event) => expectTypeOf(event.data).toEqualTypeOf<string>())
// @ts-expect-error a type that the map does not have
trades.on(['tick', 'typo'], () => {})
expectTypeOf(trades.channel('eur/usd')).toEqualTypeOf(trades)
expectTypeOf(
  eventStream('/x', { channels: multiplex(), events: { tick: json<Tick>() } })
    .channel('eur/usd')
    .latest('tick').value?.data,
).toEqualTypeOf<Tick | undefined>()

// Schemas, of whatever library and however asynchronous: what they put out.
const zod = z.object({ id: z.string().transform((id) => id.length) })
const valibot = object({ tags: array(string()), size: pipe(string(), transform(Number)) })
const checked = pipeAsync(
  object({ size: number() }),
  checkAsync(() => Promise.resolve(true)),
)
const callable = Object.assign((data: unknown): { a: string } | Error => data as Error, {
  '~standard': {
    version: 1 as const,
    vendor: 'callable',
    validate: (value: unknown) => ({ value: value as { a: string } }),
  },
})
const orders = eventStream('/orders', {
  events: { zod, valibot, checked, callable, refined: z.string().refine(async () => true) },
})
expectTypeOf(orders.latest('zod').value?.data).toEqualTypeOf<{ id: number } | undefined>()
expectTypeOf(orders.latest('valibot').value?.data.size).toEqualTypeOf<number | undefined>()
expectTypeOf(orders.latest('checked').value?.data.size).toEqualTypeOf<number | undefined>()
expectTypeOf(orders.latest('callable').value?.data).toEqualTypeOf<{ a: string } | undefined>()
expectTypeOf(orders.latest('refined').value?.data).toEqualTypeOf<string | undefined>()
// @ts-expect-error no decoder
eventStream('/orders', { events: { order: 42 } })
// @ts-expect-error no decoder
eventStream('/orders', { events: { order: JSON } })

// A function's promise is the payload: nobody waits for it.
const promised = eventStream('/x', { events: { x: async (raw) => raw.length } })
expectTypeOf(promised.latest('x').value?.data).toEqualTypeOf<Promise<number> | undefined>()
// The parameters of an inline decoder are known, and what it makes, wherever in the map it stands.
const inline = eventStream('/x', {
  events: { x: (raw, event) => [raw, event.lastEventId].length, y: json<Tick>(), z: (raw) => raw },
})
expectTypeOf(inline.latest('x').value?.data).toEqualTypeOf<number | undefined>()
expectTypeOf(inline.latest('y').value?.data).toEqualTypeOf<Tick | undefined>()
expectTypeOf(inline.latest('z').value?.data).toEqualTypeOf<string | undefined>()

// A decoder for all that have none of their own: every name may be asked for.
const all = eventStream('/x', { events: { tick: json<Tick>(), '*': json<boolean>() } })
expectTypeOf(all.latest('tick').value?.data).toEqualTypeOf<Tick | undefined>()
expectTypeOf(all.latest('other').value?.data).toEqualTypeOf<boolean | undefined>()
expectTypeOf(all.latest('message').value?.data).toEqualTypeOf<boolean | undefined>()
expectTypeOf(all.latest('*').value?.data).toEqualTypeOf<Tick | boolean | undefined>()

// A map said beforehand, and a handle's type written by hand.
const map = { tick: json<Tick>(), note: text } satisfies EventMap
export const byHand: Stream<{ readonly tick: Tick; readonly note: string }> = eventStream('/x', {
  events: map,
})
export const strings: Stream = loose
export const inPlace: Stream = eventStream('/x')
// @ts-expect-error its ticks are strings
export const wrong: Stream<{ readonly tick: Tick }> = loose
// @ts-expect-error not everything it carries is a string
export const wronger: Stream = trades

// Any stream will do for who minds only its state.
export const any: AnyStream[] = [trades, loose, orders, all, byHand, trades.channel('eur')]
any[0]?.on(['a', 'b'], (event) => expectTypeOf(event.data).toEqualTypeOf<unknown>())
expectTypeOf(any[0]?.latest('tick').value?.data).toEqualTypeOf<unknown>()
declare function anyOf(): AnyStream
// @ts-expect-error what it carries is not known
export const assumed: Stream = anyOf()

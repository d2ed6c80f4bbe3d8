import { expect, test } from 'vitest'
import { createBroker } from './broker.ts'
import { EventServerError } from './error.ts'

const DONE = { done: true, value: undefined }
const is = <Value>(value: Value) => ({ done: false, value })

async function all<Value>(stream: AsyncIterable<Value>): Promise<Value[]> {
  const values: Value[] = []
  for await (const value of stream) values.push(value)
  return values
}

test('a stream has everything that was published since it was subscribed to', async () => {
  const broker = createBroker<number>()
  broker.broadcast(0)
  const stream = broker.subscribe()
  for (let n = 1; n <= 3; n++) broker.broadcast(n)
  expect(stream.hasNext).toBe(true)
  expect(stream.value).toBeUndefined()
  expect(await stream.next()).toEqual(is(1))
  expect(stream.value).toBe(1)
  broker.close()
  expect(await all(stream)).toEqual([2, 3])
  expect(stream.hasNext).toBe(false)
})

test('who waits is given the next value as it comes, in the order of asking', async () => {
  const broker = createBroker<string>()
  const stream = broker.subscribe()
  const waiting = [stream.next(), stream.next(), stream.next()]
  expect(stream.hasNext).toBe(false)
  broker.broadcast('a')
  broker.broadcast('b')
  broker.close()
  expect(await Promise.all(waiting)).toEqual([is('a'), is('b'), DONE])
})

test('a channel and its parents hear a value, nobody else does, and each of them once', async () => {
  const broker = createBroker<string>()
  const names = [
    'pets/dogs',
    '/pets/',
    'petshop',
    'pets/cats',
    [],
    '/',
    ['pets', 'pets/dogs', 'cars'],
  ]
  const streams = names.map((name) => broker.subscribe(name))
  broker.publish(['pets/dogs', 'cars', 'pets/dogs'], 'Corgi')
  broker.broadcast('end')
  broker.close()
  const heard = await Promise.all(streams.map(all))
  const both = ['Corgi', 'end']
  expect(heard).toEqual([both, both, ['end'], ['end'], ['end'], both, both])
})

test('a clone goes on from the same place, on its own', async () => {
  const broker = createBroker<number>()
  const stream = broker.subscribe()
  for (let n = 1; n <= 3; n++) broker.broadcast(n)
  await stream.next()
  const clone = stream.clone()
  expect(clone.value).toBe(1)
  expect(await stream.next()).toEqual(is(2))
  await stream.return()
  broker.close()
  expect(await all(clone)).toEqual([2, 3])
  expect(await stream.clone().next()).toEqual(DONE)
})

test('a signal ends its stream, and no clone of it', async () => {
  const broker = createBroker<number>()
  const abort = new AbortController()
  const stream = broker.subscribe('a', { signal: abort.signal })
  const clone = stream.clone()
  broker.publish('a', 1)
  expect(await stream.next()).toEqual(is(1))
  const waiting = [stream.next(), stream.next()]
  broker.publish('a', 2)
  broker.publish('a', 3)
  broker.publish('a', 4)
  abort.abort()
  expect(await Promise.all(waiting)).toEqual([is(2), is(3)])
  expect(stream.hasNext).toBe(false)
  expect(await stream.next()).toEqual(DONE)
  broker.close()
  expect(await all(clone)).toEqual([1, 2, 3, 4])
  const late = broker.subscribe('a', { signal: AbortSignal.abort() })
  expect(await late.next()).toEqual(DONE)
})

test('who still waits when its stream ends is told', async () => {
  const broker = createBroker<number>()
  const abort = new AbortController()
  const streams = [broker.subscribe(), broker.subscribe([], { signal: abort.signal })]
  const waiting = streams.map((stream) => stream.next())
  await streams[0]?.return()
  abort.abort()
  expect(await Promise.all(waiting)).toEqual([DONE, DONE])
})

test('one wait can be given up, and costs no value', async () => {
  const broker = createBroker<number>()
  const stream = broker.subscribe()
  const abort = new AbortController()
  const waiting = stream.next({ signal: abort.signal })
  const other = stream.next()
  abort.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  broker.broadcast(1)
  broker.broadcast(2)
  expect(await other).toEqual(is(1))
  await expect(stream.next({ signal: abort.signal })).rejects.toThrow('enough')
  expect(await stream.next({ signal: new AbortController().signal })).toEqual(is(2))
})

test('leaving a loop ends the stream', async () => {
  const broker = createBroker<number>()
  const stream = broker.subscribe()
  broker.broadcast(1)
  broker.broadcast(2)
  for await (const value of stream) if (value === 1) break
  expect(await stream.next()).toEqual(DONE)
  await using other = broker.subscribe()
  expect(other.hasNext).toBe(false)
})

test('a closed broker takes no more, and tells so; its streams end after what they were promised', async () => {
  const broker = createBroker<number>()
  const [behind, waiting] = [broker.subscribe('a'), broker.subscribe('b')]
  const next = waiting.next()
  broker.publish('a', 1)
  broker.close()
  broker.close()
  expect(() => broker.publish('a', 2)).toThrow(EventServerError)
  expect(() => broker.broadcast(2)).toThrow('Cannot publish: the broker is closed.')
  expect(await next).toEqual(DONE)
  expect(await all(behind)).toEqual([1])
  expect(await all(broker.subscribe('a'))).toEqual([])
})

test.each(['a//b', '', []])('%j is no channel to publish to', (channels) => {
  const broker = createBroker<number>()
  expect(() => broker.publish(channels, 1)).toThrow(EventServerError)
})

test.each(['a//b', 5, null])('%j is no channel to subscribe to', (channels) => {
  expect(() => createBroker().subscribe(channels as string)).toThrow(EventServerError)
})

test('undefined and null are values as any other', async () => {
  const broker = createBroker()
  const stream = broker.subscribe()
  for (const value of [undefined, null, 0, '']) broker.broadcast(value)
  broker.close()
  expect(await all(stream)).toEqual([undefined, null, 0, ''])
})

test('a stream that ended is no hindrance to those who come to its channels after', async () => {
  const broker = createBroker<number>()
  const first = broker.subscribe('a')
  await first.return()
  const second = broker.subscribe('a')
  // Both of these had a part in the first line, which is no more.
  await first.clone().return()
  await first.return()
  broker.publish('a', 1)
  expect(await second.next()).toEqual(is(1))
})

test('members can be passed bare', async () => {
  const { publish, subscribe, close } = createBroker<number>()
  const { next, hasNext } = subscribe('a')
  publish('a', 1)
  expect(hasNext).toBe(false)
  expect(await next()).toEqual(is(1))
  close()
  expect(await next()).toEqual(DONE)
})

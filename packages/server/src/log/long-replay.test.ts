import { expect, test, vi } from 'vitest'
import { connect, open, resumeFrom } from '../../test/connect.ts'
import type { TestStream } from '../../test/connect.ts'
import { RESET } from '../../test/replaying.ts'
import { encodeEvent } from '../encode.ts'
import type { ServerEvent } from '../encode.ts'
import { createEventServer } from '../event-server.ts'
import type { EventServer } from '../event-server.ts'
import type { EventServerOptions } from '../options.ts'
import { localProvider } from '../provider.ts'
import type { Provider } from '../provider.ts'
import { finiteReplay } from './finite-replay.ts'

const KB = 1024

/** A server that keeps a hundred events of 10 KB each, ids `e-1` and so on: a megabyte. */
async function full(options: EventServerOptions = {}): Promise<EventServer> {
  const replay = finiteReplay({ count: 1_000 })
  const events = createEventServer({ epoch: 'e', replay, onError: () => {}, ...options })
  for (let n = 1; n <= 100; n++) await publish(events, n)
  return events
}

function publish(events: EventServer, n: number): Promise<unknown> {
  return events.publish('a', { data: `${n} ${'x'.repeat(10 * KB)}` })
}

const resume = (events: EventServer): Promise<TestStream> =>
  connect(events, '/?channel=a', resumeFrom('e-0'))

const numbersIn = (text: string): number[] =>
  [...text.matchAll(/^data: (\d+)/gm)].map(([, digits]) => Number(digits))
const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1)

/** Reads so much that this is in it. */
async function until(stream: TestStream, text: string): Promise<string> {
  let heard = ''
  for (let chunk: string | undefined = ''; !heard.includes(text); heard += chunk) {
    chunk = await stream.read()
    if (chunk === undefined) throw new Error(`It ended without ${text}.`)
  }
  return heard
}

test('a long replay comes as it is read, before all that is published meanwhile', async () => {
  const events = await full()
  const stream = await resume(events)
  await publish(events, 101)
  let text = await until(stream, 'data: 3 ')
  expect(numbersIn(text).length).toBeLessThan(10)
  await publish(events, 102)
  const [session] = events.sessions
  session?.send({ data: '103' })
  text += await until(stream, 'data: 103')
  expect(numbersIn(text)).toEqual(upTo(103))
  await publish(events, 104)
  expect(numbersIn((await stream.read()) ?? '')).toEqual([104])
})

test('who reads none of it costs no more than a page, and is not called slow for it', async () => {
  const events = await full({ maxBacklog: 64 * KB })
  await open(events, '/?channel=a', resumeFrom('e-0'))
  for (let n = 0; n < 10; n++) await new Promise(setImmediate)
  const [session] = events.sessions
  expect(session?.backlog).toBeGreaterThan(64 * KB)
  expect(session?.backlog).toBeLessThan(80 * KB)
  expect(session?.sent).toBeLessThan(10)
})

test('who reads none of it while much is published is let go, and goes on from where it was', async () => {
  const events = await full({ maxBacklog: 64 * KB })
  const stream = await resume(events)
  const text = await until(stream, 'data: 7 ')
  for (let n = 101; n <= 110; n++) {
    await publish(events, n)
    await new Promise(setImmediate)
  }
  expect(events.sessions.size).toBe(0)
  await expect(stream.rest()).rejects.toMatchObject({ code: 'slow' })
  const cursor = [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? ''
  const again = await connect(events, '/?channel=a', resumeFrom(cursor))
  const rest = await until(again, 'data: 110 ')
  expect([...numbersIn(text), ...numbersIn(rest)]).toEqual(upTo(110))
})

test('an event that is larger than a page is a page', async () => {
  const events = createEventServer({ epoch: 'e', replay: finiteReplay({ count: 9 }) })
  const large = 'x'.repeat(3_000 * KB)
  await events.publish('a', { data: large })
  await events.publish('a', { data: 'small' })
  // Nobody has read the head yet.
  const stream = await open(events, '/?channel=a', resumeFrom('e-0'))
  for (let n = 0; n < 10; n++) await new Promise(setImmediate)
  expect(await until(stream, 'small')).toContain(`data: ${large}\n`)
})

test('an event that cannot be encoded is a gap, after what came before it', async () => {
  let broken = false
  const encode = (event: ServerEvent): string => {
    if (broken && String(event.data).startsWith('50 ')) throw new Error('boom')
    return encodeEvent(event)
  }
  const onError = vi.fn<(error: Error) => void>()
  const events = await full({ encode, onError })
  broken = true
  const stream = await resume(events)
  const text = await until(stream, RESET)
  expect(numbersIn(text)).toEqual(upTo(numbersIn(text).length))
  expect(text).toMatch(/id: e-100\nevent: millrace-reset\ndata: \n\n$/)
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ code: 'encode-failed' }),
  )
  await publish(events, 101)
  expect(numbersIn((await stream.read()) ?? '')).toEqual([101])
})

test('for who leaves in the middle, nothing more is encoded', async () => {
  const encode = vi.fn<(event: ServerEvent) => string>(encodeEvent)
  const events = await full({ encode })
  const stream = await resume(events)
  await until(stream, 'data: 7 ')
  await stream.leave()
  const calls = encode.mock.calls.length
  for (let n = 0; n < 10; n++) await new Promise(setImmediate)
  expect(encode.mock.calls.length).toBe(calls)
  expect(calls).toBeLessThan(50)
})

test('who is closed in the middle is left with a cursor from which nothing is lost', async () => {
  const events = await full()
  const stream = await resume(events)
  await publish(events, 101)
  const [session] = events.sessions
  let text = await until(stream, 'data: 7 ')
  session?.send({ data: 'bye' })
  session?.close()
  text += await stream.rest()
  expect(text).toMatch(/data: bye\n\n$/)
  const heard = numbersIn(text)
  expect(heard).toEqual(upTo(heard.length))
  expect([...text.matchAll(/^id: e-(\d+)$/gm)].at(-1)?.[1]).toBe(`${heard.length}`)
})

test('a gap in the order ends the replay that is going out: it is told, and what is new follows', async () => {
  const local = localProvider({ now: Date.now, epoch: 'e' })
  let interrupt = (): void => {}
  const provider: Provider = {
    ...local,
    subscribe: (deliver, alerts) => {
      interrupt = () => alerts?.interrupted()
      return local.subscribe(deliver)
    },
  }
  const events = await full({ provider })
  const stream = await resume(events)
  let text = await until(stream, 'data: 7 ')
  interrupt()
  await publish(events, 101)
  text += await until(stream, 'data: 101 ')
  const [before = '', after = ''] = text.split(RESET)
  expect(numbersIn(before)).toEqual(upTo(numbersIn(before).length))
  expect(numbersIn(before).length).toBeLessThan(50)
  expect(numbersIn(after)).toEqual([101])
})

import { expect, test } from 'vitest'
import { fakeEventServer, manualClock, record } from './index.ts'
import { fake, listen } from './listener.test.support.ts'
import { setupFakeEventServer } from './vitest/index.ts'

/** What a test gives that has no types to tell it better. */
const wrong = (value: unknown): never => value as never

const circle: Record<string, unknown> = {}
circle['self'] = circle

// What is wrong with a call, by what it is given; in the words of its error.
const calls: Record<string, (events: ReturnType<typeof fake>) => unknown> = {
  'Cannot send "hello": it is no event. Send { data: "hello" }.': (events) =>
    events.send(wrong('hello')),
  'Cannot send undefined: it is no event.': (events) => events.send(wrong(undefined)),
  'Cannot send null: it is no event.': (events) => events.channel('pets').send(wrong(null)),
  'Cannot send {}: it says nothing. Give event, data, id, retry, comment.': (events) =>
    events.send({}),
  'Cannot send {"type":"tick"}: it says nothing.': (events) =>
    events.clients[0]?.send(wrong({ type: 'tick' })),
  'Cannot send [object Object]: it says nothing.': (events) => events.send(wrong(circle)),
  'Cannot call send with null: it names no option. Name it: { allowNone: true }.': (events) =>
    events.send({ data: 'a' }, wrong(null)),
  'Cannot send the comment undefined: it is no text.': (events) => events.comment(wrong(undefined)),
  'Cannot send 5 as it is: it is no bytes. Give a string or a Uint8Array.': (events) =>
    events.sendRaw(wrong(5)),
  'Cannot send {} as it is: it is no bytes.': (events) =>
    events.sendChunks(['data: a\n\n', wrong(new ArrayBuffer(2))]),
  'Cannot send the chunks "data": they are no list. Put them into brackets.': (events) =>
    events.sendChunks(wrong('data')),
  'Cannot call connected with 2: it names no option. Name it: { count: 2 }.': (events) =>
    events.connected(wrong(2)),
  'Cannot wait for 0 clients: it is no number of them.': (events) => events.connected({ count: 0 }),
  'Cannot wait for NaN clients: it is no number of them.': (events) =>
    events.connected({ count: Number.NaN }),
  'Cannot refuse with 503: it has no status. Give { status: 503 }.': (events) =>
    events.refuse(wrong(503)),
  'Cannot refuse with {"status":"503"}: it has no status.': (events) =>
    events.refuse({ status: wrong('503') }),
  'Cannot call unreachable with 2: it names no option. Name it: { times: 2 }.': (events) =>
    events.unreachable(wrong(2)),
  'Cannot meet "2" connections: it is no number of them.': (events) =>
    events.stall({ times: wrong('2') }),
  'Cannot ask true when: it is no function.': (events) => events.withhold({ when: wrong(true) }),
  'Cannot call chaos with 7: it names no option. Name it: { seed: 7 }.': (events) =>
    events.chaos(wrong(7)),
  'Cannot make chaos: drop is "0.5". Give a chance from 0 to 1.': (events) =>
    events.chaos({ drop: wrong('0.5') }),
  'Cannot play {}: it is no timeline. Give a list of cues, or a text.': (events) =>
    events.play(wrong({})),
  'Cannot play null: it is no cue.': (events) => events.play([wrong(null)]),
  'Cannot play {"at":0,"data":1,"chanel":"pets"}: a cue has no "chanel".': (events) =>
    events.play([wrong({ at: 0, data: 1, chanel: 'pets' })]),
  'Cannot play [object Object]: it is at -1.': (events) => events.play([{ at: -1, data: 5n }]),
  "Cannot play \"prices.sse\": it is no recording. Give what its file says: readFileSync('prices.sse', 'utf8').":
    (events) => events.play('prices.sse'),
  'Cannot play by the clock {}: nothing moves it. Give a manualClock(), or vi': (events) =>
    events.play([{ at: 5, data: 1 }], { clock: wrong({}) }),
}

for (const [words, call] of Object.entries(calls)) {
  test(`an error says it, and nothing is changed: ${words}`, async () => {
    const events = fake()
    const listener = listen(events)
    await events.connected()
    const { log } = events
    await expect((async () => call(events))()).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(words),
    })
    await events.send({ data: 'all is well' })
    expect(listener.text).toBe('\nid: fake-1\ndata: all is well\n\n')
    expect(events.log.slice(0, -1)).toEqual(log)
  })
}

for (const address of [undefined, null, '', 5, 'http://', 'http://[/events']) {
  test(`there is no fake at ${JSON.stringify(address)}`, () => {
    expect(() => fakeEventServer(wrong(address))).toThrow(
      `Cannot fake ${JSON.stringify(address)}: it is no address. Give one as '/events' or`,
    )
  })
}

for (const methods of ['POST', []]) {
  test(`there is no fake for the methods ${JSON.stringify(methods)}`, () => {
    expect(() => fake({ methods: wrong(methods) })).toThrow(
      `Cannot answer the methods ${JSON.stringify(methods)}: they are no list of any.`,
    )
  })
}

for (const random of [1, -0.5, Number.NaN, '0']) {
  test(`a clock draws no ${random}`, () => {
    expect(() => manualClock({ random: wrong(random) })).toThrow('by chance: Math.random() never')
    expect(() => manualClock().setRandom(wrong(random))).toThrow('Give a number from 0 up to 1')
  })
}

for (const [options, words] of [
  [{ events: 0 }, 'Cannot record 0 events: that is nothing.'],
  [{ events: Number.NaN }, 'Cannot record NaN events:'],
  [{ duration: -1 }, 'Cannot record -1 milliseconds:'],
] as const) {
  test(`nothing is asked for to be recorded: ${JSON.stringify(options)}`, async () => {
    const events = fake()
    await expect(record('/events', { ...options, fetch: events.fetch })).rejects.toThrow(words)
    expect(events.log).toEqual([])
  })
}

test('what is no fake is not looked after', () => {
  expect(() => setupFakeEventServer(wrong(fake()))).toThrow(
    'Cannot ask setupFakeEventServer of this: it is no fake event server.',
  )
})

test('a condition that throws is told to its client, which waits for nothing', async () => {
  const events = fake()
  const when = (): boolean => {
    throw new Error('of when')
  }
  events.refuse({ status: 503 }, { when })
  await expect(events.fetch('/events')).rejects.toThrow('of when')
  await expect(events.connected()).rejects.toThrow('client 1 could not reach the server')
})

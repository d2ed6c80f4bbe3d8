import { fakeEventServer, manualClock } from '@millrace/testing'
import type { FakeEventServer } from '@millrace/testing'
import { installEventSource } from '@millrace/testing/event-source'
import { finiteReplay } from '@millrace/server'
import { createEventSource } from 'eventsource-client'
import { createPool, json } from 'millrace'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { quietPage } from './quiet.ts'
import { origin } from './place.ts'
import type { Place } from './place.ts'
import { read } from './reading.ts'

const url = `${origin}/events`

/** What is true of a fake wherever it is, for whatever client. */
export function factsEverywhere(place: Place): void {
  quietPage()
  const events = fakeEventServer('/events')
  const rooms = fakeEventServer('/rooms/:room/events')
  const kept = fakeEventServer(`${origin}/kept`, { replay: finiteReplay({ count: 100 }) })
  const prompts: unknown[] = []
  const chat = fakeEventServer('/chat', {
    methods: ['post'],
    authorize: async (request) => {
      prompts.push([request.method, await request.clone().json()])
      return {}
    },
  })
  const fakes: readonly FakeEventServer[] = [events, rooms, kept, chat]
  let stop: () => void
  let uninstall: () => void

  beforeAll(async () => {
    uninstall = installEventSource()
    stop = await place.start(...fakes.flatMap(({ handlers }) => handlers))
  })
  afterEach(async () => {
    for (const fake of fakes) await fake.reset()
    vi.useRealTimers()
  })
  afterAll(() => {
    stop()
    uninstall()
  })

  const fact = (name: string, run: () => Promise<void>): void => {
    // oxlint-disable-next-line vitest/expect-expect -- what it is given expects
    test(`${place.name}: ${name}`, run)
  }

  clients(place, { events, kept, fact })
  requests({ events, rooms, chat, prompts, fact })
  troubles({ events, fact })
}

interface Facts {
  readonly events: FakeEventServer
  readonly fact: (name: string, run: () => Promise<void>) => void
}

function clients(
  place: Place,
  { events, kept, fact }: Facts & { readonly kept: FakeEventServer },
): void {
  fact('fetch has an event when send resolves, and is gone when it has aborted', async () => {
    const reading = read(url)
    await events.connected()
    await events.send({ event: 'tick', data: { price: 1 } })
    expect(reading.text).toMatch(/id: \S+\nevent: tick\ndata: \{"price":1\}\n\n$/)
    reading.leave()
    await events.flush()
    expect(events.clients).toEqual([])
    expect((reading.error as Error).name).toMatch(/AbortError|Error/)
  })

  fact('EventSource opens, dispatches by type, and closes', async () => {
    const source = new EventSource('/events?channel=pets', { withCredentials: true })
    const seen: string[] = []
    source.addEventListener('open', () => seen.push('open'))
    source.addEventListener('message', ({ data }: MessageEvent<string>) => seen.push(data))
    source.addEventListener('dog', ({ data, lastEventId }: MessageEvent<string>) =>
      seen.push(`${data} ${lastEventId}`),
    )
    const [client] = await events.connected({ channel: 'pets' })
    expect([source.readyState, source.url, client?.request.url]).toEqual([
      1,
      `${url}?channel=pets`,
      `${url}?channel=pets`,
    ])
    await events.send({ data: 'a' })
    await events.channel('pets/dogs').send({ event: 'dog', data: 'Corgi', id: '7' })
    expect(seen).toEqual(['open', 'a', expect.stringMatching(/^Corgi .*7$/)])
    source.close()
    await events.flush()
    expect(events.clients).toEqual([])
  })

  fact('EventSource comes back after an end and after a drop', async () => {
    if (!place.isBrowser) vi.useFakeTimers({ toNotFake: ['setImmediate', 'clearImmediate'] })
    const source = new EventSource('/events')
    const seen: string[] = []
    source.addEventListener('message', ({ data }: MessageEvent<string>) => seen.push(data))
    source.addEventListener('error', () => seen.push(`error ${source.readyState}`))
    await events.send({ data: 'a', id: '1', retry: 20 })
    for (const how of ['end', 'drop'] as const) {
      await events[how]()
      // Nobody can move the clock of a browser's own: there, connected() waits for it.
      if (!place.isBrowser) {
        await vi.advanceTimersByTimeAsync(19)
        expect(events.clients).toEqual([])
        await vi.advanceTimersByTimeAsync(1)
      }
      await events.connected()
      await events.send({ data: how })
    }
    source.close()
    expect(seen).toEqual(['a', 'error 0', 'end', 'error 0', 'drop'])
    const cursors = events.log.flatMap((record) =>
      record.kind === 'requested' ? [record.lastEventId] : [],
    )
    // A Service Worker does not see the cursor of a native one.
    if (!place.isBrowser) expect(cursors).toEqual([undefined, '1', expect.stringMatching(/\d+$/)])
  })

  fact(
    'an EventSource in the place of the native one tells its cursor, and is sent what it missed',
    async () => {
      const restore = installEventSource({ replace: true })
      vi.useFakeTimers({ toNotFake: ['setImmediate', 'clearImmediate'] })
      const source = new EventSource(`${origin}/kept`)
      const seen: string[] = []
      source.addEventListener('message', ({ data }: MessageEvent<string>) => seen.push(data))
      await kept.send({ data: 'a', id: '1' })
      await kept.drop()
      await kept.send({ data: 'b', id: '2' })
      await vi.advanceTimersByTimeAsync(3_000)
      const [client] = await kept.connected()
      expect([client?.lastEventId, seen]).toEqual(['1', ['a', 'b']])
      source.close()
      restore()
    },
  )

  fact('millrace is on its clock to the millisecond', async () => {
    const clock = manualClock()
    const pool = createPool({ clock })
    const stream = pool.stream(`${origin}/kept`, { events: { tick: json<number>() } })
    const seen: number[] = []
    stream.on('tick', ({ data }) => seen.push(data))
    await kept.connected()
    await kept.send({ event: 'tick', data: 1, retry: 4_000 })
    await kept.drop()
    expect([stream.status.value, clock.pending]).toEqual(['waiting', 1])
    await kept.send({ event: 'tick', data: 2 })
    await clock.advance(3_999)
    expect(kept.clients).toEqual([])
    await clock.advance(10_000)
    expect(seen).toEqual([1, 2])
    pool.close()
    await kept.flush()
    expect(kept.clients).toEqual([])
  })

  fact('eventsource-client reads', async () => {
    const seen: string[] = []
    const source = createEventSource({ url, onMessage: ({ data }) => seen.push(data) })
    await events.connected()
    await Promise.all([events.send({ data: 'a' }), events.send({ data: 'b' })])
    expect(seen).toEqual(['a', 'b'])
    source.close()
    await events.flush()
    expect(events.clients).toEqual([])
  })

  fact('@microsoft/fetch-event-source reads, where there is a page', async () => {
    if (!('document' in globalThis)) return
    const { fetchEventSource } = await import('@microsoft/fetch-event-source')
    const seen: string[] = []
    const abort = new AbortController()
    const done = fetchEventSource(url, {
      signal: abort.signal,
      onmessage: ({ event, data }) => void seen.push(`${event} ${data}`),
    })
    await events.connected()
    await events.send({ event: 'tick', data: 'a' })
    // It takes every blank line for an event, and a stream begins with one.
    expect(seen.at(-1)).toBe('tick a')
    abort.abort()
    await done
    await events.flush()
    expect(events.clients).toEqual([])
  })
}

interface RequestFacts extends Facts {
  readonly rooms: FakeEventServer
  readonly chat: FakeEventServer
  readonly prompts: unknown[]
}

function requests({ events, rooms, chat, prompts, fact }: RequestFacts): void {
  fact('an address may have parameters', async () => {
    const readings = ['red', 'blue'].map((room) => read(`${origin}/rooms/${room}/events?a=1`))
    const [red, blue] = await rooms.connected({ count: 2 })
    await red?.send({ data: 'red' })
    await blue?.send({ data: 'blue' })
    expect(readings.map(({ text }) => /data: (.*)/.exec(text)?.[1])).toEqual(['red', 'blue'])
    expect(red?.request.url).toBe(`${origin}/rooms/red/events?a=1`)
    for (const reading of readings) reading.leave()
  })

  fact('a relative address is the page’s', async () => {
    const missing = !('location' in globalThis)
    if (missing) vi.stubGlobal('location', new URL(origin))
    const [mounted, direct] = [read('/events'), read('/events', { fetcher: events.fetch })]
    await events.send({ data: 'a' })
    expect([mounted, direct].map(({ text }) => text.includes('data: a'))).toEqual([true, true])
    expect(events.clients.map(({ request }) => request.url)).toEqual([url, url])
    for (const reading of [mounted, direct]) reading.leave()
    if (missing) vi.unstubAllGlobals()
  })

  fact('a POST streams where the fake has it so, and its body can be read', async () => {
    const body = JSON.stringify({ prompt: 'hello' })
    const reading = read(`${origin}/chat`, { method: 'POST', body })
    const [client] = await chat.connected()
    expect(prompts.splice(0)).toEqual([['POST', { prompt: 'hello' }]])
    expect(await client?.request.json()).toEqual({ prompt: 'hello' })
    await client?.send({ data: 'Hi' })
    await client?.end()
    expect([reading.text.includes('data: Hi\n\n'), reading.end]).toEqual([true, 'done'])
    const refused = read(`${origin}/chat`)
    await chat.flush()
    expect(refused.response?.status).toBe(405)
  })

  fact('headers of the request are seen, and those of the answer', async () => {
    const reading = read(url, { headers: { authorization: 'Bearer me', 'last-event-id': '9' } })
    const [client] = await events.connected()
    expect([client?.headers.get('authorization'), client?.lastEventId]).toEqual(['Bearer me', '9'])
    expect([...(client?.headers.keys() ?? [])].filter((name) => name.includes('millrace'))).toEqual(
      [],
    )
    expect(reading.response?.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    reading.leave()
  })
}

function troubles({ events, fact }: Facts): void {
  fact('the next so many connections are refused, in the order of the telling', async () => {
    events.refuse({ status: 503, headers: { 'retry-after': '7' } }, { times: 2 })
    events.unreachable({ times: 1 })
    events.refuse(
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>hello</p>' },
      { times: 1 },
    )
    const readings = []
    for (let count = 0; count < 5; count += 1) {
      readings.push(read(url))
      await events.flush()
    }
    expect(readings.map(({ response }) => response?.status)).toEqual([
      503,
      503,
      undefined,
      200,
      200,
    ])
    expect(readings[0]?.response?.headers.get('retry-after')).toBe('7')
    expect(String(readings[2]?.error)).toMatch(/^(?:TypeError|NetworkError):/)
    expect([readings[3]?.response?.headers.get('content-type'), readings[3]?.text]).toEqual([
      expect.stringContaining('text/html'),
      '<p>hello</p>',
    ])
    expect(events.clients).toHaveLength(1)
    readings[4]?.leave()
  })

  fact('a redirect is followed', async () => {
    events.refuse({ status: 307, headers: { location: '/events?again' } }, { times: 1 })
    const reading = read(url, { headers: { 'x-own': '1' } })
    const [client] = await events.connected()
    await events.send({ data: 'a' })
    expect([client?.number, client?.request.url, client?.headers.get('x-own')]).toEqual([
      2,
      `${url}?again`,
      '1',
    ])
    expect(reading.text).toContain('data: a\n\n')
    expect([reading.response?.url, reading.response?.redirected]).toEqual([`${url}?again`, true])
    reading.leave()
  })

  fact('a head comes when it is released, and not before', async () => {
    events.withhold({ times: 2 })
    const [first, second] = [read(url), read(url)]
    await expect(events.connected()).rejects.toThrow('client 1 is kept waiting for its answer')
    expect([first.response, first.end, events.clients]).toEqual([undefined, undefined, []])
    second.leave()
    await events.flush()
    expect(second.end).toBe('error')
    await events.release()
    expect([first.response?.status, events.clients.length]).toEqual([200, 1])
    await events.send({ data: 'a' })
    expect(first.text).toContain('data: a')
    first.leave()
  })

  fact('a stream that stalls says nothing more, and half an event stays half', async () => {
    const [reading, other] = [read(url), read(url)]
    const [client] = await events.connected({ count: 2 })
    await client?.sendRaw('data: ha')
    client?.stall()
    await events.send({ data: 'for the other' })
    expect([reading.text.trimStart(), other.text.includes('for the other')]).toEqual([
      'data: ha',
      true,
    ])
    await client?.sendChunks(['l', 'f\n', '\n'])
    await client?.comment('unheard')
    expect(reading.text.trimStart()).toBe('data: half\n\n')
    expect(reading.chunks.slice(-3)).toEqual(['l', 'f\n', '\n'])
    for (const one of [reading, other]) one.leave()
  })

  fact('a stream ends in the middle of an event, by an end or by a drop', async () => {
    const [ended, dropped] = [read(url), read(url)]
    const [first, second] = await events.connected({ count: 2 })
    await events.sendRaw('data: half')
    await first?.end()
    await second?.drop()
    expect([ended.end, dropped.end]).toEqual(['done', 'error'])
    expect([ended.text, dropped.text].map((text) => text.trimStart())).toEqual([
      'data: half',
      'data: half',
    ])
  })

  fact('bytes arrive as they were written, chunk by chunk', async () => {
    const reading = read(url)
    await events.connected()
    const pieces = ['\uFEFFid', ': 1\r', '\nda', 'ta: ', '\r\r', ': remark\n']
    const before = reading.chunks.length
    await events.sendChunks(pieces)
    expect(reading.chunks.slice(before).join('')).toBe(
      pieces.join('').replace('\uFEFF', before === 0 ? '' : '\uFEFF'),
    )
    expect(reading.chunks.slice(before)).toHaveLength(pieces.length)
    reading.leave()
  })
}

import type { Outcome } from 'millrace'
import { expect, test } from 'vitest'
import type { Answer, SeenRequest } from '../environment/wire.ts'
import { answerRules } from './answer-rules.ts'
import { streamRules } from './stream-rules.ts'
import { connect, turns, type TransportHost } from './transport-client.ts'

/** Every fact that holds of a transport, whichever it is. */
export function transportContract(host: TransportHost): void {
  streamFacts(host)
  answerFacts(host)
  commonFacts(host)
  if (host.native) nativeFacts(host)
  else fetchFacts(host)
}

function holds(host: TransportHost) {
  return ({ except }: { readonly except?: Readonly<Record<string, string>> }): boolean =>
    except?.[host.name] === undefined
}

function streamFacts(host: TransportHost): void {
  const rules = streamRules.filter(({ hears }) => hears === 'both' || !host.native)
  for (const rule of rules.filter(holds(host))) {
    test.concurrent(`${host.name}: ${rule.name}`, async () => {
      const types = new Set(['message', 'tick', 'no', ...rule.events.map(([type]) => type)])
      const { heard, until, link } = await connect(host, [{ chunks: rule.chunks }], { types })
      await until(() => (host.native ? heard.interruptions === 1 : heard.outcome !== undefined))
      link.close()
      expect(heard.events.map(({ type, data, lastEventId }) => [type, data, lastEventId])).toEqual(
        rule.events,
      )
      if (host.native) return
      expect(heard.outcome).toEqual({ kind: 'end' })
      expect(heard.retries).toEqual(rule.retries)
      expect(heard.lastEventId).toBe(rule.lastEventId)
    })
  }
}

function answerFacts(host: TransportHost): void {
  for (const rule of answerRules.filter(holds(host))) {
    test.concurrent(`${host.name}: ${rule.name}`, async () => {
      const { heard, until, link } = await connect(host, rule.answers)
      const told = toldOf(rule.outcome, host)
      const news = () => heard.told.filter((what) => what !== 'active')
      await until(() => news().length >= told.length)
      link.close()
      expect(news()).toEqual(told)
      const unknown: Outcome = { kind: 'unknown' }
      const outcome = host.native ? unknown : rule.outcome
      expect(heard.outcome).toEqual(told.includes('close') ? outcome : undefined)
    })
  }
}

function toldOf(outcome: Outcome | undefined, host: TransportHost): string[] {
  if (outcome === undefined) return ['open']
  if (outcome.kind === 'end') return ['open', host.native ? 'interrupted' : 'close']
  return ['close']
}

function commonFacts(host: TransportHost): void {
  test(`${host.name}: opens before the first byte of the body`, async () => {
    const { heard, until, link } = await connect(host, [{ ending: 'hang' }])
    await until(() => heard.opens === 1)
    expect(heard.events).toEqual([])
    link.close()
  })

  test(`${host.name}: asks for an event stream, and for no cached one`, async () => {
    const { heard, until, link, log } = await connect(host, [{ ending: 'hang' }])
    await until(() => heard.opens === 1)
    link.close()
    expect((await log()).seen).toMatchObject([
      { method: 'GET', headers: { accept: 'text/event-stream' }, body: '' },
    ])
  })

  test(`${host.name}: hears an event as soon as the line end that ends it`, async () => {
    const { heard, until, link } = await connect(host, [
      { chunks: ['data: 1\r\r'], ending: 'hang' },
    ])
    await until(() => heard.events.length > 0)
    expect(heard.events).toHaveLength(1)
    link.close()
  })

  test(`${host.name}: ends the request when its link is closed`, async () => {
    const { heard, until, link, log } = await connect(host, [{ ending: 'hang' }])
    await until(() => heard.opens === 1)
    link.close()
    await log(0)
    expect(heard.told.at(-1)).toBe('open')
  })

  test(`${host.name}: ends a request that has no answer yet, and says nothing`, async () => {
    const { heard, link, log } = await connect(host, [{ ending: 'mute' }])
    await log(1)
    link.close()
    link.close()
    await log(0)
    await turns()
    expect(heard.told).toEqual([])
  })

  for (const what of ['open', 'active', 'receive']) {
    test(`${host.name}: is silent once its link is closed, even when "${what}" is told`, async () => {
      const { heard, until, log } = await connect(
        host,
        [{ chunks: ['data: 1\n\n', 'data: 2\n\n', 'retry: 1\n\n', 'data: 3\n\n'] }],
        {
          onTold: (told, link) => {
            if (told === what) link().close()
          },
        },
      )
      await until(() => heard.told.includes(what))
      await log(0)
      await turns()
      expect(heard.told.at(-1)).toBe(what)
      expect(heard.told.filter((told) => told === what)).toHaveLength(1)
    })
  }

  test(`${host.name}: tells that the server is there before it tells what came of it`, async () => {
    const { heard, until, link } = await connect(host, [
      { chunks: ['data: 1\n\n'], ending: 'hang' },
    ])
    await until(() => heard.events.length === 1)
    link.close()
    expect(heard.told.indexOf('active')).toBeLessThan(heard.told.indexOf('receive'))
  })

  test(`${host.name}: carries the cursor to the server`, async () => {
    const { heard, until, link, log } = await connect(
      host,
      [{ chunks: ['data: 1\n\n'], ending: 'hang' }],
      { request: { lastEventId: 'id ä/1' } },
    )
    await until(() => heard.events.length === 1)
    const { seen } = await log()
    expect(cursorOf(seen[0])).toBe('id ä/1')
    expect(heard.events[0]).toMatchObject({ data: '1', id: undefined, lastEventId: 'id ä/1' })
    link.close()
  })

  test(`${host.name}: says nothing of a cursor where there is none`, async () => {
    const { heard, until, link, log } = await connect(host, [{ ending: 'hang' }])
    await until(() => heard.opens === 1)
    const { seen } = await log()
    expect(seen[0]?.headers).not.toHaveProperty('last-event-id')
    expect(seen[0]?.url).not.toContain('lastEventId')
    link.close()
  })

  test(`${host.name}: tells an event's own id from one it inherits`, async () => {
    const { heard, until, link } = await connect(host, [
      { chunks: ['id: 7\ndata: own\n\ndata: inherited\n\n'], ending: 'hang' },
    ])
    await until(() => heard.events.length === 2)
    expect(heard.events.map(({ id, lastEventId }) => [id, lastEventId])).toEqual([
      ['7', '7'],
      [undefined, '7'],
    ])
    link.close()
  })

  test(`${host.name}: hears a type that is named later`, async () => {
    const { heard, until, link } = await connect(
      host,
      [{ chunks: ['event: later\ndata: 1\n\ndata: 2\n\n'], ending: 'hang' }],
      { types: [] },
    )
    link.listen(['later', 'message'])
    link.listen(['message'])
    await until(() => heard.events.length === 2)
    expect(heard.events.map(({ type }) => type)).toEqual(['later', 'message'])
    link.close()
  })
}

const manyPages = Array.from({ length: 40 }, () => '<p>'.repeat(10_000))

function fetchFacts(host: TransportHost): void {
  for (const [what, answer] of [
    ['ends', { status: 404, chunks: ['not here'] }],
    ['says its length', { status: 404, chunks: ['no'], headers: { 'content-length': '2' } }],
    ['never ends', { status: 503, chunks: ['not now', 'nor now'], ending: 'hang' }],
    [
      'goes on for long',
      { status: 200, chunks: manyPages, headers: { 'content-type': 'text/html' } },
    ],
  ] satisfies [string, Answer][]) {
    test(`${host.name}: a refusal that ${what} leaves no connection open`, async () => {
      const { heard, until, log } = await connect(host, [answer])
      await until(() => heard.outcome !== undefined)
      await log(0)
      expect(heard.told).toEqual(['close'])
    })
  }

  test(`${host.name}: a connection that breaks in the middle of an event is a network error, and the event is not heard`, async () => {
    const half = 'id: 2\ndata: half\n'
    const whole = 'id: 1\ndata: whole\n\n'
    const { heard, until, drop } = await connect(host, [{ chunks: [whole, half], ending: 'hang' }])
    // What is on its way when a connection breaks may be lost with it.
    await until(() => heard.bytes === whole.length + half.length)
    await drop()
    await until(() => heard.outcome !== undefined)
    expect(heard.outcome?.kind).toBe('network')
    expect(heard.events).toHaveLength(1)
    expect(heard.lastEventId).toBe('1')
  })

  test(`${host.name}: an unreachable server is a network error`, async () => {
    const { heard, until } = await connect(host, [], { at: 'http://127.0.0.1:9' })
    await until(() => heard.outcome !== undefined)
    expect(heard.outcome?.kind).toBe('network')
    expect(heard.told).toEqual(['close'])
  })

  test(`${host.name}: redirects without end are a network error`, async () => {
    const { heard, until } = await connect(host, [
      { status: 302, headers: { location: '?on-and-on' } },
    ])
    await until(() => heard.outcome !== undefined)
    expect(heard.outcome?.kind).toBe('network')
  })

  test(`${host.name}: a redirect takes the cursor along`, async () => {
    const { heard, until, link, log } = await connect(
      host,
      [{ status: 307, headers: { location: '?there' } }, { ending: 'hang' }],
      { request: { lastEventId: '17' } },
    )
    await until(() => heard.opens === 1)
    expect((await log()).seen.map(cursorOf)).toEqual(['17', '17'])
    link.close()
  })

  test(`${host.name}: sends what it is told to send`, async () => {
    const { heard, until, link, log } = await connect(host, [{ ending: 'hang' }], {
      request: {
        method: 'POST',
        body: 'question',
        headers: { accept: 'text/event-stream, */*', 'x-who': 'me' },
      },
    })
    await until(() => heard.opens === 1)
    const [seen] = (await log()).seen
    expect(seen).toMatchObject({
      method: 'POST',
      headers: { accept: 'text/event-stream, */*', 'x-who': 'me' },
      body: 'question',
    })
    link.close()
  })

  test(`${host.name}: a stream is UTF-8, whatever its content type says`, async () => {
    const { heard, until, link } = await connect(host, [
      {
        headers: { 'content-type': 'text/event-stream; charset=iso-8859-1' },
        chunks: ['data: \xe2\x82\xac\n\n'],
        ending: 'hang',
      },
    ])
    await until(() => heard.events.length > 0)
    expect(heard.events[0]?.data).toBe('€')
    link.close()
  })

  test(`${host.name}: tells of every byte, whatever came of it`, async () => {
    const chunks = ['id: 1', '\ndata: ', '\xe2', '\x82', '\xac\n', '\n', ': alive\n']
    const { heard, until } = await connect(host, [{ chunks }])
    await until(() => heard.outcome !== undefined)
    expect(heard.bytes).toBe(chunks.join('').length)
  })

  test(`${host.name}: tells comments from other bytes`, async () => {
    const { heard, until, link } = await connect(host, [
      { chunks: ['foo: bar\n\n', 'id: 1\n: alive\n'], ending: 'hang' },
    ])
    await until(() => heard.told.includes('active with a comment'))
    expect(heard.told).not.toContain('receive')
    link.close()

    const other = await connect(host, [{ chunks: ['foo: bar\n\ndata: : no comment\n\n'] }])
    await other.until(() => other.heard.outcome !== undefined)
    expect(other.heard.told).not.toContain('active with a comment')
  })
}

function nativeFacts(host: TransportHost): void {
  test(`${host.name}: a broken connection is an interruption, and the browser comes back with the cursor`, async () => {
    const { heard, until, link, log, drop } = await connect(host, [
      { chunks: ['retry: 10\nid: 3\ndata: 1\n\n'], ending: 'hang' },
      { chunks: ['data: 2\n\n'], ending: 'hang' },
    ])
    await until(() => heard.events.length === 1)
    await drop()
    await until(() => heard.events.length === 2)
    expect(heard.interruptions).toBe(1)
    expect(heard.opens).toBe(2)
    expect((await log()).seen[1]?.headers['last-event-id']).toBe('3')
    expect(heard.events[1]).toMatchObject({ id: undefined, lastEventId: '3' })
    link.close()
  })

  test(`${host.name}: a browser that comes back and is told no more gives up`, async () => {
    const { heard, until } = await connect(host, [
      { chunks: ['retry: 10\nid: 3\ndata: 1\n\n'] },
      { status: 204 },
    ])
    await until(() => heard.outcome !== undefined)
    expect(heard.outcome).toEqual({ kind: 'unknown' })
    expect(heard.told.filter((what) => what !== 'active')).toEqual([
      'open',
      'receive',
      'interrupted',
      'close',
    ])
  })

  test(`${host.name}: hears no type that nobody named`, async () => {
    const { heard, until, link } = await connect(host, [
      { chunks: ['event: secret\ndata: 1\n\ndata: 2\n\n'], ending: 'hang' },
    ])
    await until(() => heard.events.length > 0)
    expect(heard.events.map(({ data }) => data)).toEqual(['2'])
    link.close()
  })

  test(`${host.name}: tells of the data it has, in characters, and of no comments`, async () => {
    const { heard, until, link } = await connect(host, [
      { chunks: [': alive\n\ndata: \xe2\x82\xac\xe2\x82\xac\n\n'], ending: 'hang' },
    ])
    await until(() => heard.events.length === 1)
    expect(heard.bytes).toBe(2)
    expect(heard.told).toEqual(['active', 'open', 'active', 'receive'])
    link.close()
  })
}

function cursorOf(request: SeenRequest | undefined): string | null {
  const header = request?.headers['last-event-id']
  if (typeof header === 'string') {
    return new TextDecoder().decode(Uint8Array.from(header, (char) => char.charCodeAt(0)))
  }
  return new URL(request?.url ?? '', 'http://x').searchParams.get('lastEventId')
}

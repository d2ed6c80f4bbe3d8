import type { Outcome, RawEvent, Transport } from 'millrace'
import { expect, test } from 'vitest'
import type { Answer, SeenRequest } from '../environment/wire.ts'
import { streamRules } from './stream-rules.ts'

/** One implementation of the port, and where the wire is. */
export interface TransportHost {
  readonly name: string
  readonly transport: Transport
  /** The origin of the wire. */
  readonly origin: () => string
  /** A native `EventSource`: it has its own parser, tells no status, and reconnects by itself. */
  readonly native: boolean
  /** Rules that its parser, which is not ours, is known to break. */
  readonly breaks?: readonly string[]
}

interface Heard {
  readonly events: RawEvent[]
  readonly retries: number[]
  opens: number
  interruptions: number
  outcome: Outcome | undefined
  lastEventId: string
}

const types = ['message', 'tick', 'open', 'error', 'a b']

/** Every fact that holds of a transport, whichever it is. */
export function transportContract(host: TransportHost): void {
  for (const rule of streamRules.filter(({ name }) => !host.breaks?.includes(name))) {
    test(`${host.name}: ${rule.name}`, async () => {
      const { heard, until, link } = await connect(host, [{ chunks: rule.chunks, ending: 'hang' }])
      await until(() => heard.events.at(-1)?.data === 'last')
      link.close()
      expect(
        heard.events.slice(0, -1).map(({ type, data, lastEventId }) => [type, data, lastEventId]),
      ).toEqual(rule.events)
    })
  }

  test(`${host.name}: opens before the first byte of the body`, async () => {
    const { heard, until, link } = await connect(host, [{ ending: 'hang' }])
    await until(() => heard.opens === 1)
    expect(heard.events).toEqual([])
    link.close()
  })

  test(`${host.name}: ends the request when its link is closed`, async () => {
    const { heard, until, link, log } = await connect(host, [{ ending: 'hang' }])
    await until(() => heard.opens === 1)
    link.close()
    await eventually(async () => (await log()).open === 0)
    expect(heard.outcome).toBeUndefined()
  })

  test(`${host.name}: is silent after its link is closed, even within a chunk`, async () => {
    const { heard, until, link, onReceive } = await connect(host, [
      { chunks: ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n'], ending: 'end' },
    ])
    onReceive(() => {
      link.close()
    })
    await until(() => heard.events.length > 0)
    const count = heard.events.length
    await turns()
    expect(heard.events).toHaveLength(count)
    expect(heard.outcome).toBeUndefined()
  })

  test(`${host.name}: carries the cursor to the server`, async () => {
    const { heard, until, link, log } = await connect(
      host,
      [{ chunks: ['data: 1\n\n'], ending: 'hang' }],
      'id ä/1',
    )
    await until(() => heard.events.length === 1)
    const { seen } = await log()
    expect(cursorOf(seen[0])).toBe('id ä/1')
    expect(heard.events[0]).toMatchObject({ data: '1', id: undefined, lastEventId: 'id ä/1' })
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

  if (host.native) nativeFacts(host)
  else fetchFacts(host)
}

function fetchFacts(host: TransportHost): void {
  const outcomes: readonly [string, Answer, Outcome][] = [
    ['a clean end', {}, { kind: 'end' }],
    ['status 204', { status: 204 }, { kind: 'no-content' }],
    ['status 404', { status: 404 }, { kind: 'status', status: 404, retryAfter: undefined }],
    [
      'status 503 with Retry-After',
      { status: 503, headers: { 'retry-after': '7' } },
      { kind: 'status', status: 503, retryAfter: '7' },
    ],
    [
      'another content type',
      { headers: { 'content-type': 'text/html' } },
      { kind: 'content-type', contentType: 'text/html' },
    ],
  ]
  for (const [what, answer, outcome] of outcomes) {
    test(`${host.name}: ${what} is told as such`, async () => {
      const { heard, until } = await connect(host, [answer])
      await until(() => heard.outcome !== undefined)
      expect(heard.outcome).toEqual(outcome)
    })
  }

  test(`${host.name}: a refusal leaves no connection open`, async () => {
    const { heard, until, log } = await connect(host, [
      { status: 404, chunks: ['not here'], ending: 'end' },
    ])
    await until(() => heard.outcome !== undefined)
    await eventually(async () => (await log()).open === 0)
    expect(heard.opens).toBe(0)
  })

  test(`${host.name}: a broken connection is a network error`, async () => {
    const { heard, until, drop } = await connect(host, [
      { chunks: ['data: 1\n\n'], ending: 'hang' },
    ])
    // What is on its way when a connection breaks may be lost with it.
    await until(() => heard.events.length === 1)
    await drop()
    await until(() => heard.outcome !== undefined)
    expect(heard.outcome?.kind).toBe('network')
  })

  test(`${host.name}: an unreachable server is a network error`, async () => {
    const { heard, until } = await connect({ ...host, origin: () => 'http://127.0.0.1:9' }, [])
    await until(() => heard.outcome !== undefined)
    expect(heard.outcome?.kind).toBe('network')
  })

  test(`${host.name}: a content type with parameters, in any case, is an event stream`, async () => {
    const { heard, until, link } = await connect(host, [
      { headers: { 'content-type': 'Text/Event-Stream;Charset=UTF-8' }, ending: 'hang' },
    ])
    await until(() => heard.opens === 1)
    expect(heard.outcome).toBeUndefined()
    link.close()
  })

  test(`${host.name}: retry takes digits only`, async () => {
    const { heard, until, link } = await connect(host, [
      { chunks: ['retry: 12a\nretry: -1\nretry:\nretry: 250\n\ndata: last\n\n'], ending: 'hang' },
    ])
    await until(() => heard.events.length === 1)
    expect(heard.retries).toEqual([250])
    link.close()
  })

  test(`${host.name}: an id without data moves the cursor`, async () => {
    const { heard, until, link } = await connect(host, [{ chunks: ['id: 9\n\n'], ending: 'hang' }])
    await until(() => heard.lastEventId === '9')
    expect(heard.events).toEqual([])
    link.close()
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
    link.close()
  })

  test(`${host.name}: a status that is no stream is an unknown outcome`, async () => {
    const { heard, until } = await connect(host, [{ status: 404 }])
    await until(() => heard.outcome !== undefined)
    expect(heard.outcome).toEqual({ kind: 'unknown' })
  })

  test(`${host.name}: hears a type that is named later`, async () => {
    const { heard, until, link } = await connect(host, [
      { chunks: ['data: 1\n\n'], ending: 'hang' },
    ])
    link.listen(['later', 'message'])
    await until(() => heard.events.length === 1)
    expect(heard.events).toHaveLength(1)
    link.close()
  })
}

async function connect(host: TransportHost, answers: readonly Answer[], lastEventId = '') {
  const origin = host.origin()
  const id = await record(origin, answers)
  const heard: Heard = {
    events: [],
    retries: [],
    opens: 0,
    interruptions: 0,
    outcome: undefined,
    lastEventId,
  }
  let afterReceive: (() => void) | undefined
  const link = host.transport.connect(
    {
      url: `${origin}/wire/${id}`,
      method: 'GET',
      headers: {},
      body: undefined,
      credentials: 'same-origin',
      lastEventId,
      lastEventIdParam: 'lastEventId',
    },
    {
      open: () => (heard.opens += 1),
      receive: (events, cursor) => {
        heard.events.push(...events)
        heard.lastEventId = cursor
        afterReceive?.()
      },
      active: () => {},
      skipped: () => {},
      retry: (delay) => heard.retries.push(delay),
      interrupted: () => (heard.interruptions += 1),
      close: (outcome) => (heard.outcome = outcome),
    },
    types,
  )
  return {
    heard,
    link,
    until: (fact: () => boolean) => eventually(async () => Promise.resolve(fact())),
    onReceive: (callback: () => void) => (afterReceive = callback),
    drop: () => fetch(`${origin}/wire/${id}/drop`, { method: 'POST' }),
    log: async () => {
      const response = await fetch(`${origin}/wire/${id}/log`)
      return (await response.json()) as { seen: SeenRequest[]; open: number }
    },
  }
}

async function record(origin: string, answers: readonly Answer[]): Promise<string> {
  if (answers.length === 0) return 'none'
  const response = await fetch(`${origin}/wire`, { method: 'POST', body: JSON.stringify(answers) })
  return ((await response.json()) as { id: string }).id
}

function cursorOf(request: SeenRequest | undefined): string | null {
  const header = request?.headers['last-event-id']
  if (typeof header === 'string') {
    return new TextDecoder().decode(Uint8Array.from(header, (char) => char.charCodeAt(0)))
  }
  return new URL(request?.url ?? '', 'http://x').searchParams.get('lastEventId')
}

/** Waits for a fact, turn by turn; the test's own time limit is the only clock. */
async function eventually(fact: () => Promise<boolean>): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  while (!(await fact())) await turn()
}

async function turns(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (let n = 0; n < 20; n += 1) await turn()
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(undefined)
  })
}

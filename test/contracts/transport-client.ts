import type { Link, RawEvent, Transport, TransportRequest, TransportSink } from 'millrace'
import type { Answer, WireLog } from '../environment/wire.ts'

/** One implementation of the port, in one place, and where the wire is. */
export interface TransportHost {
  /** Rules may name it, to say why it is excepted. */
  readonly name: string
  readonly transport: Transport
  /** A native `EventSource`: it has its own parser, tells no status, and reconnects by itself. */
  readonly native: boolean
  /** The origin of the wire. */
  readonly origin: () => string
}

/** What a transport told its sink. */
interface Heard {
  readonly events: RawEvent[]
  readonly retries: number[]
  /** What came, in the order in which it was told. */
  readonly told: string[]
  opens: number
  interruptions: number
  outcome: Parameters<TransportSink['close']>[0] | undefined
  lastEventId: string
  bytes: number
}

/** One attempt, and what came of it. */
export interface Client {
  readonly heard: Heard
  readonly link: Link
  /** Waits until something is told that makes it a fact; the test's own time limit is the only clock. */
  readonly until: (fact: () => boolean) => Promise<void>
}

export interface ListenOptions {
  readonly request?: Partial<TransportRequest>
  readonly types?: Iterable<string>
  /** Called after each thing that is told, with its name. */
  readonly onTold?: (what: string, link: () => Link) => void
}

/** Has a transport ask for a stream. */
export function listen(
  transport: Transport,
  url: string,
  { request = {}, types = ['message'], onTold }: ListenOptions = {},
): Client {
  const heard: Heard = {
    events: [],
    retries: [],
    told: [],
    opens: 0,
    interruptions: 0,
    outcome: undefined,
    lastEventId: request.lastEventId ?? '',
    bytes: 0,
  }
  const waiting = new Set<() => void>()
  function told(what: string): void {
    heard.told.push(what)
    onTold?.(what, () => link)
    for (const look of waiting) look()
  }
  const link = transport.connect(
    { ...plainRequest, url, ...request },
    {
      open: () => {
        heard.opens += 1
        told('open')
      },
      active: (bytes, comments) => {
        heard.bytes += bytes
        told(comments ? 'active with a comment' : 'active')
      },
      receive: (events, lastEventId) => {
        heard.events.push(...events)
        heard.lastEventId = lastEventId
        told('receive')
      },
      skipped: () => {
        told('skipped')
      },
      retry: (delay) => {
        heard.retries.push(delay)
      },
      interrupted: () => {
        heard.interruptions += 1
        told('interrupted')
      },
      close: (outcome) => {
        heard.outcome = outcome
        told('close')
      },
    },
    types,
  )
  const until = (fact: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!fact()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { heard, link, until }
}

const plainRequest = {
  method: 'GET',
  headers: {},
  body: undefined,
  credentials: 'same-origin',
  lastEventId: '',
  lastEventIdParam: 'lastEventId',
} as const

/** The same, where the wire plays these answers, and can be asked about it. */
export async function connect(
  host: TransportHost,
  answers: readonly Answer[],
  options: ListenOptions & {
    /** The origin where the stream is asked for; the wire's own by default. */
    readonly at?: string
  } = {},
): Promise<
  Client & {
    /** Breaks the connections of this stream. */
    readonly drop: () => Promise<unknown>
    /** What the wire has seen; with a number, as soon as that many answers are under way. */
    readonly log: (open?: number) => Promise<WireLog>
  }
> {
  const wire = `${host.origin()}/wire`
  const recorded = await fetch(wire, { method: 'POST', body: JSON.stringify(answers) })
  const { id } = (await recorded.json()) as { id: string }
  const { at = host.origin() } = options
  return {
    ...listen(host.transport, `${at}/wire/${id}`, options),
    drop: () => fetch(`${wire}/${id}/drop`, { method: 'POST' }),
    log: async (open) => {
      const response = await fetch(`${wire}/${id}/log?${open ?? ''}`)
      return (await response.json()) as WireLog
    },
  }
}

/** Time enough for whatever is on its way within this process to arrive. */
export async function turns(): Promise<void> {
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

import type { ServerEvent } from '@millrace/server'
import type { Connection } from './connection.ts'
import type { Delivery } from './delivery.ts'
import type { Log } from './log.ts'
import { listeningOf } from './sender.ts'

/**
 * One client that is connected: what it asked for, and a way to reach it alone.
 *
 * @example
 * const [first] = events.clients
 * await first?.send({ data: 'for you alone' })
 */
export interface FakeClient {
  /** Which request it is, counted from 1: the `client` of the log. */
  readonly number: number
  readonly request: Request
  readonly headers: Headers
  /** The cursor it came with. */
  readonly lastEventId: string | undefined
  /** The channels it hears. */
  readonly channels: readonly string[]
  /** Sends to this client alone; nothing if it has gone. */
  readonly send: (event: ServerEvent) => Promise<void>
  /** Breaks its stream off. */
  readonly drop: () => Promise<void>
  /** Ends its stream in good order. */
  readonly end: () => Promise<void>
}

/** Shows connections to a test: each as one client, however often one looks. */
export function createView(
  delivery: Delivery,
  mount: { readonly log: Log },
): (connection: Connection) => FakeClient {
  const known = new WeakMap<Connection, FakeClient>()
  return (connection) => {
    const seen = known.get(connection) ?? clientOf(connection, delivery, mount.log)
    known.set(connection, seen)
    return seen
  }
}

function clientOf(connection: Connection, delivery: Delivery, log: Log): FakeClient {
  const { number, request, session } = connection
  return {
    number,
    request,
    headers: request.headers,
    lastEventId: session.lastEventId,
    channels: session.channels,
    send: (event) =>
      delivery.run(() => {
        if (session.closed) return
        const clients = listeningOf([connection]).map((listening) => listening.number)
        session.send(event)
        log.add({ kind: 'sent', event, channel: undefined, clients })
      }),
    drop: () => delivery.run(() => connection.drop()),
    end: () => delivery.run(() => connection.end()),
  }
}

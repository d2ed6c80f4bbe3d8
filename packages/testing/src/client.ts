import type { ServerEvent } from '@millrace/server'
import type { Connection } from './connection.ts'
import type { Delivery } from './delivery.ts'
import type { Log } from './log.ts'
import type { Sender } from './sender.ts'

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
  /** The request, as the client made it; its body can be read. */
  readonly request: Request
  /** The headers of the request. */
  readonly headers: Headers
  /** The cursor it came with. */
  readonly lastEventId: string | undefined
  /** The channels it hears. */
  readonly channels: readonly string[]
  /** Sends to this client alone; nothing if it has gone. This and what follows is queued as for all. */
  readonly send: (event: ServerEvent) => Promise<void>
  /** Sends it a comment. */
  readonly comment: (text: string) => Promise<void>
  /** Puts text on its wire as it is. */
  readonly sendRaw: (text: string) => Promise<void>
  /** Puts these pieces on its wire, each of them one network chunk. */
  readonly sendChunks: (chunks: readonly (string | Uint8Array)[]) => Promise<void>
  /** From now on it hears nothing but raw bytes. */
  readonly stall: () => void
  /** Breaks its stream off. */
  readonly drop: () => Promise<void>
  /** Ends its stream in good order. */
  readonly end: () => Promise<void>
}

/** Shows connections to a test: each as one client, however often one looks. */
export function createView(
  sender: Sender,
  delivery: Delivery,
  mount: { readonly log: Log },
): (connection: Connection) => FakeClient {
  const known = new WeakMap<Connection, FakeClient>()
  return (connection) => {
    const seen = known.get(connection) ?? {
      ...whoIs(connection),
      send: (event) => sender.sendTo(connection, event),
      comment: (text) => sender.comment(text, { to: connection }),
      sendRaw: (text) => sender.write([text], { to: connection }),
      sendChunks: (chunks) => sender.write(chunks, { to: connection }),
      stall: () => {
        connection.stall()
        mount.log.add({ kind: 'told', what: 'stall', client: connection.number })
      },
      drop: () => delivery.run(() => connection.drop()),
      end: () => delivery.run(() => connection.end()),
    }
    known.set(connection, seen)
    return seen
  }
}

function whoIs({
  number,
  request,
  session,
}: Connection): Pick<FakeClient, 'number' | 'request' | 'headers' | 'lastEventId' | 'channels'> {
  const { headers } = request
  return { number, request, headers, lastEventId: session.lastEventId, channels: session.channels }
}

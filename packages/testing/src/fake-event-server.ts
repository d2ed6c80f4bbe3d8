import { encodeEvent } from '@millrace/server'
import type { EventServerOptions, ServerEvent } from '@millrace/server'
import type { HttpHandler } from 'msw/http'
import { addressOf } from './address.ts'
import type { Refusal } from './behaviour.ts'
import { clientOf } from './client.ts'
import type { FakeClient } from './client.ts'
import type { Connection } from './connection.ts'
import { Delivery, unwrapped } from './delivery.ts'
import type { Wrap } from './delivery.ts'
import { createFetch } from './direct-fetch.ts'
import { createHandlers } from './handlers.ts'
import { Log } from './log.ts'
import type { LogRecord } from './log.ts'
import { Mount } from './mount.ts'
import { connectedOf } from './presence.ts'
import type { ConnectedOptions } from './presence.ts'
import { Retirement } from './retirement.ts'
import { Sender } from './sender.ts'
import type { SendOptions } from './sender.ts'

/**
 * How a fake is made: every option of the real engine, and what its deliveries run in.
 *
 * @example
 * fakeEventServer('/events', { replay: finiteReplay({ count: 100 }) })
 */
export interface FakeEventServerOptions<Data = undefined> extends EventServerOptions<Data> {
  /** Wraps each delivery, as React's `act` does. Defaults to nothing; `@millrace/testing/react` has its own. */
  readonly wrap?: Wrap
}

/** One channel of a fake. */
export interface FakeChannel {
  /** Sends to who hears this channel, and resolves when they have it. */
  readonly send: (event: ServerEvent, options?: SendOptions) => Promise<void>
}

/**
 * A server of event streams for a test: the real engine behind MSW, or behind a `fetch` of its own.
 *
 * All that returns a promise resolves when it has arrived and been rendered; all of it is done in the order of the
 * calls, awaited or not.
 *
 * @example
 * afterEach(() => events.reset())
 */
export interface FakeEventServer {
  /** For MSW: `setupServer(...events.handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** A `fetch` that reaches this server without MSW. */
  readonly fetch: typeof fetch
  /** Resolves to who is connected; fails if all has gone quiet and they are too few. */
  readonly connected: (options?: ConnectedOptions) => Promise<readonly FakeClient[]>
  /** Sends to everyone. */
  readonly send: (event: ServerEvent, options?: SendOptions) => Promise<void>
  /** One channel: only who hears it, or a parent of it, gets what is sent there. */
  readonly channel: (name: string) => FakeChannel
  /** Sends a comment, which clients pass over, to everyone. */
  readonly comment: (text: string, options?: SendOptions) => Promise<void>
  /** Puts text on every wire as it is. */
  readonly sendRaw: (text: string, options?: SendOptions) => Promise<void>
  /** Puts these pieces on every wire, each of them one network chunk. */
  readonly sendChunks: (
    chunks: readonly (string | Uint8Array)[],
    options?: SendOptions,
  ) => Promise<void>
  /** Breaks every stream off, as a network does. */
  readonly drop: () => Promise<void>
  /** Ends every stream in good order. */
  readonly end: () => Promise<void>
  /** The next connections get this answer instead of a stream. */
  readonly refuse: (refusal: Refusal) => void
  /** The next connections fail without an answer. */
  readonly unreachable: () => void
  /** The next connections open and hear nothing, raw bytes excepted. */
  readonly stall: () => void
  /** The next connections get their stream again. */
  readonly accept: () => void
  /** Who is connected now. */
  readonly clients: readonly FakeClient[]
  /** Everything that has happened since the last reset, in order. */
  readonly log: readonly LogRecord[]
  /**
   * Ends every stream, forgets the log, and accepts again. The clients that were connected are told by a 204 that
   * there is no more when they come back. For after each test.
   */
  readonly reset: () => Promise<void>
}

/**
 * Makes a fake server for one address.
 *
 * A relative address is of this page, or of any origin where there is none (in Node); a query in it does not matter.
 * Ids are `fake-1`, `fake-2` and so on; there is no keep-alive, and other origins are let in, unless options say so.
 *
 * @example
 * const events = fakeEventServer('/events')
 * const server = setupServer(...events.handlers)
 *
 * await events.connected()
 * await events.send({ event: 'tick', data: { price: 1 } })
 */
export function fakeEventServer<Data = undefined>(
  url: string | URL,
  { wrap = unwrapped, ...options }: FakeEventServerOptions<Data> = {},
): FakeEventServer {
  const log = new Log()
  const retirement = new Retirement()
  const mount = new Mount<Data>({ options, log, retirement })
  const delivery = new Delivery(wrap)
  const where = { address: String(url), log, mount }
  const { engine } = mount
  const keeps = options.replay !== undefined
  const sender = new Sender({ where, engine, delivery, retirement, keeps })
  const present = (connection: Connection): FakeClient => clientOf(connection, delivery, log)
  const matches = addressOf(url)
  return {
    get handlers() {
      return createHandlers(mount, matches)
    },
    get clients() {
      return mount.connections.map(present)
    },
    get log() {
      return log.records
    },
    fetch: createFetch(mount, matches),
    connected: (wanted = {}) => delivery.run(() => connectedOf(where, wanted).map(present)),
    send: (event, sending) => sender.send(event, sending),
    channel: (name) => ({ send: (event, sending) => sender.send(event, sending, name) }),
    comment: (text, sending) => sender.write([encodeEvent({ comment: text })], sending),
    sendRaw: (text, sending) => sender.write([text], sending),
    sendChunks: (chunks, sending) => sender.write(chunks, sending),
    drop: () => sender.toAll('drop'),
    end: () => sender.toAll('end'),
    refuse: (refusal) => mount.meet({ kind: 'refuse', refusal }),
    unreachable: () => mount.meet({ kind: 'unreachable' }),
    stall: () => mount.meet({ kind: 'stall' }),
    accept: () => mount.meet({ kind: 'accept' }),
    reset: () =>
      delivery.run(() => {
        mount.reset()
        log.clear()
      }),
  }
}

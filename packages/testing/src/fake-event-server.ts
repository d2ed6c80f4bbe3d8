import type { EventServerOptions, ServerEvent } from '@millrace/server'
import type { HttpHandler } from 'msw/http'
import { addressOf } from './address.ts'
import { checkRefusal } from './behaviour.ts'
import type { Refusal } from './behaviour.ts'
import type { Chaos, ChaosOptions } from './chaos/chaos.ts'
import { channelOf } from './channel.ts'
import { createView } from './client.ts'
import type { FakeClient } from './client.ts'
import { Delivery, unwrapped } from './delivery.ts'
import type { Wrap } from './delivery.ts'
import { createFetch } from './direct-fetch.ts'
import { requireStreams } from './environment.ts'
import { createHandlers } from './handlers.ts'
import type { LogRecord } from './log.ts'
import { Mount } from './mount.ts'
import type { MeetOptions } from './plan.ts'
import { connectedOf } from './presence.ts'
import type { ConnectedOptions } from './presence.ts'
import { Sender } from './sender.ts'
import type { SendOptions } from './sender.ts'
import type { Timeline } from './timeline/cue.ts'
import { play } from './timeline/play.ts'
import type { PlayOptions } from './timeline/play.ts'

/**
 * How a fake is made: every option of the real engine, and what its deliveries run in.
 *
 * @example
 * fakeEventServer('/events', { replay: finiteReplay({ count: 100 }) })
 */
export interface FakeEventServerOptions<Data = undefined> extends EventServerOptions<Data> {
  /** Wraps each delivery, as React's `act` does. Defaults to nothing; `@millrace/testing/react` has its own. */
  readonly wrap?: Wrap
  /** The methods that open a stream; others get a 405. Defaults to `['GET']`. */
  readonly methods?: readonly string[]
}

/**
 * One channel of a fake.
 *
 * @example
 * await events.channel('pets/dogs').send({ data: 'Corgi' })
 */
export interface FakeChannel {
  /** Sends to who hears this channel, and resolves when they have it. */
  readonly send: (event: ServerEvent, options?: SendOptions) => Promise<void>
}

/**
 * A server of event streams for a test: the real engine behind MSW, or behind a `fetch` of its own.
 *
 * All that returns a promise resolves when it has arrived and been rendered; all of it is done in the order of the
 * calls, awaited or not. With React, render first: what is rendered while a call is under way is in the DOM when that
 * has settled. What returns nothing (`refuse`, `unreachable`, `stall`, `accept`) acts at once.
 *
 * A request whose `authorize` takes its time is waited for, up to one real second; if it waits for a clock that stands
 * still, it is then given up, and nobody waits for it again.
 *
 * @example
 * afterEach(() => events.reset())
 */
export interface FakeEventServer {
  /** The address it was made for. */
  readonly address: string
  /** For MSW: `setupServer(...events.handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** A `fetch` that reaches this server without MSW. */
  readonly fetch: typeof fetch
  /** Resolves to who is connected; fails if all has gone quiet and they are too few. Each has one `FakeClient`. */
  readonly connected: (options?: ConnectedOptions) => Promise<readonly FakeClient[]>
  /** Sends to everyone; fails where somebody has been written half an event, which this would become a part of. */
  readonly send: (event: ServerEvent, options?: SendOptions) => Promise<void>
  /** One channel: only who hears it, or a parent of it, gets what is sent there. */
  readonly channel: (name: string) => FakeChannel
  /** Sends a comment, which clients pass over, to everyone who is not stalled. */
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
  /** The next connections get this answer instead of a stream: a status, a redirect, a page of HTML. */
  readonly refuse: (refusal: Refusal, options?: MeetOptions) => void
  /** The next connections fail without an answer. */
  readonly unreachable: (options?: MeetOptions) => void
  /** The next connections open and hear nothing, raw bytes excepted. */
  readonly stall: (options?: MeetOptions) => void
  /** The next connections wait for their answer, head and all, until `release()`. */
  readonly withhold: (options?: MeetOptions) => void
  /** Withholds no more: who waits is answered as connections are met now. */
  readonly release: () => Promise<void>
  /** The next connections get their stream again, whatever was told before. */
  readonly accept: () => void
  /** Lets things go wrong by chance, the same ones for the same seed, until that is stopped or `reset`. Needs `replay` to lose nothing. */
  readonly chaos: (options?: ChaosOptions) => Chaos
  /** Plays a script of a stream, or a recording (its text, too), each thing at its time; resolves when the last has arrived. */
  readonly play: (timeline: Timeline | string, options?: PlayOptions) => Promise<void>
  /** Resolves when all that has been done has arrived: by this server, or by clients that opened, closed or aborted. */
  readonly flush: () => Promise<void>
  /** Who is connected now. */
  readonly clients: readonly FakeClient[]
  /** Everything that has happened since the last reset, in order. */
  readonly log: readonly LogRecord[]
  /**
   * Ends every stream and starts anew, with a fresh engine, an empty log, and nothing in the replay; it accepts again.
   * It does so even if it fails because something goes on without end, or because a component throws. For after each
   * test.
   *
   * Who was connected, or waits to come back with an id of the fake's own making, or waits for `authorize`, is told by a
   * 204 that there is no more; so is a browser's own `EventSource`, whatever its id. Who comes back otherwise passes for
   * new: without an id, with one that the test or an `epoch` or `provider` of its own has given, or after half an event,
   * which can hold no farewell. So close clients, or their pool, first.
   */
  readonly reset: () => Promise<void>
}

/**
 * Makes a fake server for one address.
 *
 * A relative address is of this page, or of any origin where there is none (in Node); a query in it does not matter.
 * Ids are `fake-1`, `fake-2` and so on, after a reset `fake2-1`, then `fake3-1`; an `epoch` or a `provider` of your own
 * goes on through resets instead. There is no keep-alive, and other origins are let in, unless options say so.
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
  requireStreams()
  const mount = new Mount<Data>(options)
  const delivery = new Delivery(wrap)
  const address = String(url)
  const where = { address, mount }
  const { publish } = mount
  const keeps = options.replay !== undefined
  const sender = new Sender({ where, publish, delivery, keeps })
  const view = createView(sender, delivery, mount)
  const matches = addressOf(url)
  const fake: FakeEventServer = {
    address,
    get handlers() {
      return createHandlers(mount, matches)
    },
    get clients() {
      return mount.connections.map(view)
    },
    get log() {
      return mount.log.records
    },
    fetch: createFetch(mount, matches),
    connected: (wanted = {}) =>
      delivery.run(async () => (await connectedOf(where, wanted)).map(view)),
    send: (event, sending) => sender.send(event, sending),
    channel: (name) => {
      const channel = channelOf(name)
      return { send: (event, sending) => sender.send(event, sending, channel) }
    },
    comment: (text, sending) => sender.comment(text, sending),
    sendRaw: (text, sending) => sender.write([text], sending),
    sendChunks: (chunks, sending) => sender.write(chunks, sending),
    drop: () => sender.toAll('drop'),
    end: () => sender.toAll('end'),
    ...meeting(mount),
    release: () => delivery.run(() => mount.release()),
    chaos: (chances) => mount.chaos(chances),
    play: (timeline, playing) => play(fake, timeline, playing),
    flush: () => delivery.run(() => {}),
    reset: () => delivery.runAnyway(() => mount.reset()),
  }
  return fake
}

function meeting<Data>(
  mount: Mount<Data>,
): Pick<FakeEventServer, 'refuse' | 'unreachable' | 'stall' | 'withhold' | 'accept'> {
  return {
    refuse: (refusal, options) =>
      mount.meet({ kind: 'refuse', refusal: checkRefusal(refusal) }, options),
    unreachable: (options) => mount.meet({ kind: 'unreachable' }, options),
    stall: (options) => mount.meet({ kind: 'stall' }, options),
    withhold: (options) => mount.meet({ kind: 'withhold' }, options),
    accept: () => mount.accept(),
  }
}

import { batch } from '@preact/signals-core'
import type { Clock } from '../clock.ts'
import { Connection } from '../connection/connection.ts'
import { Holders } from '../connection/holders.ts'
import type { RetryPolicy } from '../connection/retry.ts'
import { report, StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'
import type { Transport, TransportRequest } from '../transport/transport.ts'
import { covering, type ChannelScheme } from './channel.ts'
import { Readers, type Reader } from './readers.ts'

export interface FeedOptions {
  readonly transport: Transport
  readonly scheme: ChannelScheme
  readonly retry: RetryPolicy
  readonly clock: Clock
  /** Milliseconds. */
  readonly linger: number
  readonly initialLastEventId: string
  /** Nobody held it for `linger`: it is closed, and of no more use. */
  readonly onReleased: () => void
}

/** Makes the request for these channels; those that the stream's own URL names come on top. */
export type MakeRequest = (
  channels: readonly string[],
  lastEventId: string,
) => TransportRequest | Promise<TransportRequest>

export interface ReadOptions {
  /** Made anew for each attempt, by the newest reader: a fresh closure brings a fresh token. */
  readonly request: MakeRequest
  /** Whether to start at the last event there was. */
  readonly last: boolean
}

/** What everyone with the same request shares: one connection, who holds it, and who reads what of it. */
export class Feed {
  readonly connection: Connection
  readonly #options: FeedOptions
  readonly #holders: Holders
  readonly #readers = new Readers()
  #makeRequest: MakeRequest | undefined
  /** The channels that the request under way asks for. */
  #asked: ReadonlySet<string> = new Set()
  #following = false

  constructor(options: FeedOptions) {
    this.#options = options
    this.connection = new Connection({
      transport: options.transport,
      request: (lastEventId) => this.#request(lastEventId),
      types: () => this.#types(),
      receive: (events, url) => {
        this.#receive(events, url)
      },
      retry: options.retry,
      clock: options.clock,
      initialLastEventId: options.initialLastEventId,
    })
    this.#holders = new Holders({
      clock: options.clock,
      linger: options.linger,
      onHeld: () => {
        this.connection.start()
      },
      onReleased: () => {
        this.connection.release()
        options.onReleased()
      },
    })
  }

  /** Holds the connection and reads it; the result lets go. */
  read(reader: Reader, { request, last }: ReadOptions): () => void {
    if (reader.type === '*' && !this.#options.transport.hearsEveryType) {
      throw new StreamError(
        'unsupported',
        "Cannot listen to '*': a native EventSource hears only the event types it is told. Name the types, or use the fetch transport.",
      )
    }
    this.#makeRequest = request
    this.#readers.add(reader)
    const release = this.#holders.add()
    this.#follow(reader)
    if (last) this.#readers.replayLast(reader)
    return () => {
      this.#readers.delete(reader)
      release()
    }
  }

  /** Ends everything at once; no `linger`. */
  close(): void {
    this.#holders.dispose()
    this.connection.release()
  }

  #types(): Iterable<string> {
    return this.#options.transport.hearsEveryType ? [] : this.#readers.types()
  }

  #request(lastEventId: string): TransportRequest | Promise<TransportRequest> {
    const channels = covering([...this.#readers.channels()])
    this.#asked = new Set(channels)
    if (this.#makeRequest === undefined)
      throw new TypeError('A feed opened before anybody read it.')
    return this.#makeRequest(channels, lastEventId)
  }

  #receive(events: readonly RawEvent[], url: string): void {
    const { scheme } = this.#options
    try {
      // One commit for a network chunk: a burst costs one render.
      batch(() => {
        for (const raw of events) this.#readers.dispatch(raw, scheme.channelsOf(raw, url))
      })
    } catch (error) {
      // A subscriber of a store threw; signals have run all the others first.
      report(error)
    }
  }

  /** Has a connection that is under way bring what this reader wants too. */
  #follow({ type, channel }: Reader): void {
    const { connection } = this
    if (!this.#options.transport.hearsEveryType) connection.listen([type])
    if (channel === '' || this.#following || connection.status.peek() === 'idle') return
    // The changes of one microtask are one change.
    this.#following = true
    queueMicrotask(() => {
      this.#following = false
      const wanted = covering([...this.#readers.channels(), ...this.#asked])
      if (wanted.some((one) => !this.#asked.has(one))) connection.swap()
    })
  }
}

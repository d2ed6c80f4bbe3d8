import { batch } from '@preact/signals-core'
import type { Clock } from '../clock.ts'
import { Connection } from '../connection/connection.ts'
import { Holders } from '../connection/holders.ts'
import type { RetryPolicy } from '../connection/retry.ts'
import { report, StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'
import type { Transport, TransportRequest } from '../transport/transport.ts'
import type { ChannelScheme } from './channel.ts'
import { ChannelSet } from './channel-set.ts'
import { Readers, type Reader } from './readers.ts'

export interface FeedOptions {
  readonly transport: Transport
  readonly scheme: ChannelScheme
  readonly retry: RetryPolicy
  readonly clock: Clock
  /** Milliseconds. */
  readonly linger: number
  readonly initialLastEventId: string
  /** It is of no more use: nobody held it for `linger`, or it was closed. */
  readonly onEnd: (feed: Feed) => void
}

/** Makes the request for these channels; those that the stream's own URL names come on top. */
export type MakeRequest = (
  channels: readonly string[],
  lastEventId: string,
) => TransportRequest | Promise<TransportRequest>

/** What everyone with the same request shares: one connection, who holds it, and who reads what of it. */
export class Feed {
  readonly connection: Connection
  readonly #options: FeedOptions
  readonly #holders: Holders
  readonly #readers = new Readers()
  readonly #channels: ChannelSet
  /** How each reader would ask, the newest last. */
  readonly #requests = new Map<Reader, MakeRequest>()
  #request: MakeRequest | undefined

  constructor(options: FeedOptions) {
    const { transport, retry, clock, linger, initialLastEventId } = options
    this.#options = options
    this.connection = new Connection({
      transport,
      request: (lastEventId) => this.#ask(lastEventId),
      types: () => (transport.hearsEveryType ? [] : this.#readers.types()),
      receive: (events, url) => {
        this.#receive(events, url)
      },
      retry,
      clock,
      initialLastEventId,
    })
    this.#channels = new ChannelSet({
      clock,
      linger,
      read: () => this.#readers.channels(),
      onChange: () => {
        this.connection.swap()
      },
    })
    this.#holders = new Holders({
      clock,
      linger,
      onHeld: () => {
        this.connection.start()
      },
      onReleased: () => {
        this.close()
      },
    })
  }

  /** Holds the connection and reads it; the result lets go. With `last`, it starts at the last event there was. */
  read(reader: Reader, request: MakeRequest, last: boolean): () => void {
    const { hearsEveryType } = this.#options.transport
    if (reader.type === '*' && !hearsEveryType) {
      throw new StreamError(
        'unsupported',
        "Cannot listen to '*': a native EventSource hears only the event types it is told. Name the types, or use the fetch transport.",
      )
    }
    const { channel, type } = reader
    this.#request = request
    this.#requests.set(reader, request)
    this.#readers.add(reader)
    const release = this.#holders.add()
    if (!hearsEveryType) this.connection.listen([type])
    if (channel !== '') this.#channels.grow()
    if (last) this.#readers.replayLast(reader)
    return () => {
      if (!this.#requests.delete(reader)) return
      // Somebody who has gone may not be who he was: the newest of those who are left asks.
      this.#request = [...this.#requests.values()].at(-1) ?? request
      this.#readers.delete(reader)
      if (channel !== '') this.#channels.shrink()
      release()
    }
  }

  /** Ends everything at once, and for good. */
  close(): void {
    this.#holders.dispose()
    this.#channels.dispose()
    // Who hears of the end may want to read anew: that is another feed's.
    this.#options.onEnd(this)
    this.connection.release()
  }

  #ask(lastEventId: string): TransportRequest | Promise<TransportRequest> {
    if (this.#request === undefined) throw new TypeError('A feed opened before anybody read it.')
    return this.#request(this.#options.scheme.shared ? this.#channels.ask() : [], lastEventId)
  }

  #receive(events: readonly RawEvent[], url: string): void {
    try {
      // One commit for a network chunk: a burst costs one render.
      batch(() => {
        for (const raw of events) this.#dispatch(raw, url)
      })
    } catch (error) {
      // A subscriber of a store threw; signals have run all the others first.
      report(error)
    }
  }

  #dispatch(raw: RawEvent, url: string): void {
    try {
      this.#readers.dispatch(raw, this.#options.scheme.channelsOf(raw, url))
    } catch (error) {
      report(error)
    }
  }
}

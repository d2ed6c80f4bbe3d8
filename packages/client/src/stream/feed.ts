import { warnOfFailure } from '#development'
import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import { Connection } from '../connection/connection.ts'
import type { AttemptContext } from '../connection/attempt.ts'
import type { ConnectionPolicy } from '../connection/policy.ts'
import type { SharedFeed, TabMember, TabReason, TabRole } from '../connection/sharing.ts'
import type { ConnectionSnapshot } from '../connection/snapshot.ts'
import { guarded, report, type StreamError } from '../errors.ts'
import { RESET, type RawEvent } from '../event.ts'
import { failure } from '../failure.ts'
import { createTimer, type Timer } from '../timer.ts'
import { together } from '../together.ts'
import type { Transport, TransportRequest } from '../transport/transport.ts'
import type { ChannelScheme } from './channel.ts'
import type { ChannelSet } from './channel-set.ts'
import { Decoding } from './decode.ts'
import { Kept } from './kept.ts'
import type { AskedChannels, MakeRequest, Reader } from './reader.ts'
import { Readers } from './readers.ts'
import { tooLarge } from './too-large.ts'
import type { Trace } from './trace.ts'

export interface FeedOptions extends ConnectionPolicy {
  /** Another one for each feed of a pool. */
  readonly id: number
  readonly transport: Transport
  readonly scheme: ChannelScheme
  /** The channels that its URL is for, where each has a connection of its own. */
  readonly channels: readonly string[]
  /** How many characters a URL that asks for these channels might still have; below 0 it is too long. */
  readonly room: (asked: AskedChannels) => number
  /** Milliseconds. */
  readonly linger: number
  /** Whether this event is the last. */
  readonly doneWhen?: ((event: RawEvent) => boolean) | undefined
  /** How many characters of a stream that is sent only once are kept for who comes late. */
  readonly buffer: number
  /** The URL, as it may be shown. */
  readonly url: string
  /** The server's origin, where it is known beforehand. */
  readonly origin: string | undefined
  readonly onTrace?: ((trace: Trace) => void) | undefined
  /** Has other tabs share it. */
  readonly share: ((feed: SharedFeed) => TabMember) | undefined
  /** It is of no more use: nobody held it for `linger`, or it was closed. */
  readonly onEnd: (feed: Feed) => void
}

/**
 * A connection with who holds it.
 *
 * @example
 * const line = ({ url, status, events }: FeedSnapshot) => `${url} is ${status}: ${events} events`
 * pool.connections.value.map(line)
 */
export interface FeedSnapshot extends ConnectionSnapshot {
  /** Tells the connections of a pool apart, for as long as it lives: a key for a list of them. */
  readonly id: number
  /** Without secrets. */
  readonly url: string
  /** How many read each event type of each channel; the channel is empty for the whole stream. */
  readonly holders: readonly {
    readonly channel: string
    readonly type: string
    readonly count: number
  }[]
  /** How this tab takes part in it, where tabs share connections. */
  readonly tab: TabRole | undefined
}

/** What everyone with the same request shares: one connection, who holds it, and who reads what of it. */
export class Feed implements SharedFeed {
  readonly connection: Connection
  readonly snapshot: ReadonlySignal<FeedSnapshot>
  readonly options: FeedOptions
  readonly readers: Readers = new Readers()
  /** Where one connection is for all the channels that are read. */
  readonly channels: ChannelSet | undefined
  /** The events so far, of a stream that nobody will send again. */
  readonly #kept: Kept | undefined
  /** Who keeps the connection open, the newest last. */
  readonly #holders = new Set<Reader>()
  /** Runs while nobody does. */
  readonly #linger: Timer
  #opening = false
  /** How he asked who was the last to leave. */
  #request: MakeRequest | undefined
  #closed = false
  readonly #tab: TabMember | undefined
  readonly #role = signal<TabRole | undefined>(undefined)

  constructor(options: FeedOptions) {
    const { id, transport, scheme, clock, linger, once, buffer, url } = options
    this.options = options
    if (once) this.#kept = new Kept(buffer)
    this.#tab = options.share?.(this)
    this.connection = new Connection({
      ...options,
      transport: this.#tab?.transport ?? transport,
      relabels: scheme.shared !== false,
      request: (lastEventId, context) => this.#ask(lastEventId, context),
      types: () => (transport.hearsEveryType ? [] : [RESET, ...this.readers.types()]),
      receive: (events, eventsUrl) => this.#receive(events, eventsUrl),
      leavesOut: () => this.channels?.leavesOut() ?? false,
      onOpened: (isBehind) => {
        this.channels?.opened()
        this.#tab?.opened(isBehind)
      },
      onCaughtUp: () => this.#tab?.caughtUp(),
      onSwapRefused: (error) => this.#refused(error),
      onGap: (gap) => this.readers.gap(gap),
      onSkipped: (size) => this.#skipped(size),
      onTransition: (event, from, state) => {
        if (event === 'restart') this.#begin()
        warnOfFailure(url, state)
        this.#tab?.stands(state)
        guarded(() => options.onTrace?.({ id, at: clock.now(), url, event, from, ...state }))
        // Somebody who heard of it may have started it again.
        if (event === 'stopped' && state === this.connection.state.peek()) {
          this.readers.end(state.error)
        }
      },
    })
    const [readers, { snapshot }] = [this.readers, this.connection]
    this.snapshot = computed(() => {
      const own = {
        id,
        url,
        tab: this.#role.value,
        get holders() {
          return readers.census()
        },
      }
      return Object.defineProperties(
        own as typeof own & ConnectionSnapshot,
        Object.getOwnPropertyDescriptors(snapshot.value),
      )
    })
    this.#linger = createTimer(clock)
    this.channels = scheme.shared
      ? scheme.shared({
          clock,
          linger,
          read: () => this.readers.channels.keys(),
          others: () => this.#tab?.channels() ?? [],
          room: options.room,
          onChange: () => this.connection.swap(),
        })
      : undefined
  }

  /** Only somebody's `reconnect` sends again what is sent once: then it is another stream. */
  #begin(): void {
    this.#kept?.clear()
    this.#closed = false
  }

  /**
   * Holds the connection and reads it; the result lets go. With `last`, it starts at the last event there was; what is
   * sent only once is read from its start.
   */
  read(reader: Reader, last: boolean): () => void {
    const { hearsEveryType } = this.options.transport
    const { channel, named } = reader
    if (named === undefined && !hearsEveryType) {
      throw failure(
        'unsupported',
        "Cannot listen to '*': a native EventSource hears only the event types it is told.",
        {},
        'every-type',
      )
    }
    if (channel !== '' && !this.readers.channels.has(channel)) this.channels?.check(channel)
    this.#holders.add(reader)
    this.#linger.clear()
    this.#open()
    if (this.#kept === undefined) this.readers.add(reader)
    // Who comes to what is over already, or to what has to be read from its start.
    const late = this.connection.finished
    if (late || this.#kept) queueMicrotask(() => this.#join(reader, late))
    if (named !== undefined && !hearsEveryType) this.connection.listen(named)
    if (channel !== '') this.channels?.grow(channel)
    if (last) this.readers.replayLast(reader)
    this.#tab?.reads()
    return () => this.#leave(reader)
  }

  #leave(reader: Reader): void {
    if (!this.#holders.delete(reader)) return
    this.#request = reader.request
    this.readers.delete(reader)
    if (reader.channel !== '' && !this.#closed) this.channels?.shrink()
    this.#tab?.reads()
    if (this.#holders.size > 0 || (this.#closed && !this.#kept)) return
    this.#linger.set(() => this.close(), this.options.linger)
  }

  /**
   * Opens one microtask later, so that components that mount together open together, and whoever comes and goes at once
   * (a server render, React's StrictMode) opens nothing twice.
   */
  #open(): void {
    if (this.#opening) return
    this.#opening = true
    queueMicrotask(() => {
      this.#opening = false
      if (this.#holders.size === 0 || (this.#closed && !this.#kept)) return
      this.#tab?.hurry()
      this.connection.start()
    })
  }

  /** A fresh attempt now, for everyone who shares the connection. */
  reconnect(): void {
    this.#tab?.refresh()
    this.channels?.forgive()
    this.connection.restart()
  }

  /** Ends everything at once, and for good; what is sent only once can still be read. */
  close(): void {
    this.#closed = true
    this.channels?.dispose()
    // Who hears of the end may want to read anew: that is another feed's.
    this.options.onEnd(this)
    this.#linger.clear()
    for (const { closed } of Array.from(this.#holders)) guarded(closed)
    if (this.#kept === undefined) this.connection.release()
    else this.connection.close('caller')
  }

  /** Reads from the start what is kept, and goes on with what comes; where nothing can, says so. */
  #join(reader: Reader, late: boolean): void {
    if (!this.#holders.has(reader)) return
    if (this.#kept !== undefined) {
      this.readers.add(reader)
      together(() => this.#kept?.replay(reader, this.readers))
    }
    if (!this.connection.finished) return
    const { reason, error } = this.connection.state.peek()
    this.readers.end(late && reason === 'caller' ? cutOff() : error, reader)
  }

  #ask(lastEventId: string, context: AttemptContext): TransportRequest | Promise<TransportRequest> {
    // Somebody who has gone may not be who he was: the newest of those who are there asks.
    const request = ([...this.#holders].at(-1)?.request ?? this.#request) as MakeRequest
    const { channels, transport } = this.options
    if (!this.channels) return request({ channels, added: [] }, lastEventId, context)
    // After a break, all is wanted that came meanwhile; a native `EventSource` then asks for the same again.
    // Where tabs share it, somebody may have read for long what is new to this tab's request.
    const role = this.#role.peek()
    const takingOver =
      lastEventId !== '' &&
      transport.hearsEveryType &&
      this.connection.state.peek().status === 'open' &&
      (role === undefined || role === 'alone')
    return request(this.channels.ask({ takingOver }), lastEventId, context)
  }

  #receive(events: readonly RawEvent[], url: string): void {
    const { doneWhen } = this.options
    // One commit for a network chunk: a burst costs one render.
    together(() => {
      for (const raw of this.#tab?.relay(events, url) ?? events) {
        const isLast = Boolean(doneWhen && guarded(() => doneWhen(raw)))
        this.#dispatch(raw, url, isLast)
        // Whoever heard it may have closed it all.
        if (this.#closed) return
        if (!isLast) continue
        this.connection.close('ended')
        return
      }
    })
  }

  #dispatch(raw: RawEvent, url: string, isLast: boolean): void {
    if (raw.type === RESET) this.readers.gap({ reason: 'reset' })
    try {
      const channels = this.channelsOf(raw, url)
      const decoding = new Decoding(raw, channels[0], isLast)
      this.#kept?.add(decoding, channels)
      this.readers.dispatch(decoding, channels)
    } catch (error) {
      report(error)
    }
  }

  channelsOf(raw: RawEvent, url: string): readonly string[] {
    const { scheme, channels } = this.options
    return scheme.channelsOf(raw, url) ?? channels
  }

  /** This tab has another role in it, or none any more. */
  onRole(role?: TabRole, because?: TabReason): void {
    this.#role.value = role
    if (role === undefined) return
    const { id, clock, url, onTrace } = this.options
    const state = this.connection.snapshot.peek()
    const { status: from } = state
    guarded(() => onTrace?.({ ...state, id, at: clock.now(), url, event: role, from, because }))
  }

  #refused(error: StreamError | undefined): void {
    const isRefused = this.channels?.refuse()
    for (const reader of this.#holders) {
      if (isRefused?.(reader.channel)) this.readers.end(error, reader)
    }
  }

  #skipped(size: number): void {
    this.#tab?.skipped(size)
    this.readers.fail(tooLarge(size))
    this.readers.gap({ reason: 'too-large' })
  }
}

/** Why who comes late to a stream that is sent once does not read it to its end. */
function cutOff(): StreamError {
  return failure(
    'interrupted',
    'Cannot read on: the stream was let go of before its end, and its request is sent only once.',
  )
}

import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import type { ConnectionStatus } from '../connection/machine.ts'
import { report, StreamError } from '../errors.ts'
import type { StreamEvent } from '../event.ts'
import { text, type Decoder } from './decode.ts'
import type { Feed } from './feed.ts'
import { healthOf } from './health.ts'
import type { Reader } from './readers.ts'
import { latestStore, reduceStore, selectStore, type SelectOptions, type Watch } from './stores.ts'

/** A decoder for each event type. */
export type EventMap = Readonly<Record<string, Decoder<unknown>>>

/** What is known without a map: every type may come, and every payload is a string. */
export type AnyEvents = Readonly<Record<string, Decoder<string>>>

/** The event types of a map; `message` is always one. */
export type TypeOf<Events> = (keyof Events & string) | 'message'

/** What the events of one type carry. */
export type DataOf<Events, Type> = Type extends keyof Events
  ? Events[Type] extends Decoder<infer Data>
    ? Data
    : never
  : string

/** The events of one type, or of all (`'*'`), as a union told apart by `type`. */
export type EventOf<Events, Type extends string> = Type extends '*'
  ? { [T in TypeOf<Events>]: StreamEvent<DataOf<Events, T>, T> }[TypeOf<Events>]
  : StreamEvent<DataOf<Events, Type>, Type>

export interface ListenOptions {
  /** Ends the listening when it aborts. */
  readonly signal?: AbortSignal | undefined
}

/** A handle on a stream: it costs nothing and opens nothing, until somebody reads it. */
export interface Stream<Events = AnyEvents> {
  /**
   * The newest event of a type: a store, the same one for each call.
   *
   * @example
   * const tick = trades.latest('tick')
   * const stop = tick.subscribe((event) => console.log(event?.data))
   */
  readonly latest: <Type extends TypeOf<Events> | '*'>(
    type: Type,
  ) => ReadonlySignal<EventOf<Events, Type> | undefined>
  /**
   * What a selector makes of the newest event: a store that changes only when that value does.
   *
   * @example
   * const price = trades.select('tick', (event) => event.data.price)
   */
  readonly select: <Type extends TypeOf<Events> | '*', Value>(
    type: Type,
    selector: (event: EventOf<Events, Type>) => Value,
    options?: SelectOptions<Value>,
  ) => ReadonlySignal<Value | undefined>
  /**
   * What a reducer makes of every event, none skipped: a store that adds up while it is watched.
   *
   * @example
   * const volume = trades.reduce('tick', (sum, event) => sum + event.data.size, 0)
   */
  readonly reduce: <Type extends TypeOf<Events> | '*', Value>(
    type: Type,
    reducer: (value: Value, event: EventOf<Events, Type>) => Value,
    initialValue: Value,
  ) => ReadonlySignal<Value>
  /**
   * Calls `listener` for every event, in order; returns what stops it. `'*'` is every type.
   *
   * @example
   * const stop = trades.on('order', (event) => console.log(event.data))
   */
  readonly on: <Type extends TypeOf<Events> | '*'>(
    type: Type,
    listener: (event: EventOf<Events, Type>) => void,
    options?: ListenOptions,
  ) => () => void
  /** How the connection stands; of several, the least healthy in use. Watching it opens nothing. */
  readonly status: ReadonlySignal<ConnectionStatus>
  /** Why the connection is not open; cleared when it opens. Watching it opens nothing. */
  readonly error: ReadonlySignal<StreamError | undefined>
  /** The last payload that did not decode; cleared by the next that does. */
  readonly decodeError: ReadonlySignal<StreamError | undefined>
  /**
   * One channel of the stream, with the same methods: the same handle for each call.
   *
   * @example
   * trades.channel('eur/usd').latest('tick')
   */
  readonly channel: (name: string) => Stream<Events>
  /** A fresh attempt now, for everyone who shares the connection. */
  readonly reconnect: () => void
  /** Lets go of everything this handle holds, and of its channels; stores keep their values. */
  readonly close: () => void
}

/** Where a handle finds what it shares with others. */
export interface FeedSource {
  /** Reads the feed of this channel (empty for the whole stream), made where there is none; returns what stops it. */
  readonly read: (channel: string, reader: HandleReader, last: boolean) => () => void
  /** The feed of this channel, where it is in use. A signal: it tells of feeds that come and go. */
  readonly find: (channel: string) => Feed | undefined
}

/** A reader that does not know its place in the feed. Its `fail` says whether the error is news. */
type HandleReader = Omit<Reader, 'channel' | 'fail'> & {
  readonly fail: (error: StreamError) => boolean
}

/** The handle of a stream, or of one of its channels. */
export class Handle<Events> implements Stream<Events> {
  readonly #events: EventMap | undefined
  readonly #source: FeedSource
  readonly #path: string
  readonly #held = new Set<() => void>()
  readonly #latest = new Map<string, ReadonlySignal<unknown>>()
  readonly #channels = signal<ReadonlyMap<string, Stream<Events>>>(new Map())
  readonly #inUse = computed(() =>
    [this.#path, ...this.#channels.value.keys()]
      .map((path) => this.#source.find(path))
      .filter((feed) => feed !== undefined),
  )
  readonly #decodeError = signal<StreamError | undefined>(undefined)
  readonly status: ReadonlySignal<ConnectionStatus>
  readonly error: ReadonlySignal<StreamError | undefined>

  constructor(events: EventMap | undefined, source: FeedSource, path = '') {
    this.#events = events
    this.#source = source
    this.#path = path
    const { status, error } = healthOf(this.#inUse)
    this.status = status
    this.error = error
  }

  get decodeError(): ReadonlySignal<StreamError | undefined> {
    return this.#decodeError
  }

  readonly latest: Stream<Events>['latest'] = (type) => {
    let store = this.#latest.get(type)
    if (store === undefined) this.#latest.set(type, (store = latestStore(this.#watching(type))))
    return store as ReadonlySignal<EventOf<Events, typeof type> | undefined>
  }

  readonly select: Stream<Events>['select'] = (type, selector, options) =>
    selectStore(this.#watching(type), selector as never, options)

  readonly reduce: Stream<Events>['reduce'] = (type, reducer, initialValue) =>
    reduceStore(this.#watching(type), reducer as never, initialValue)

  readonly on: Stream<Events>['on'] = (type, listener, options) =>
    listen((receive) => this.#read(type, receive), listener, options?.signal)

  readonly channel = (name: string): Stream<Events> => {
    const path = channelPath(this.#path, name)
    const channels = this.#channels.peek()
    const known = channels.get(path)
    if (known !== undefined) return known
    const handle = new Handle<Events>(this.#events, this.#source, path)
    this.#channels.value = new Map(channels).set(path, handle)
    return handle
  }

  readonly reconnect = (): void => {
    for (const feed of new Set(this.#inUse.peek())) feed.connection.restart()
  }

  readonly close = (): void => {
    for (const stop of this.#held) stop()
    for (const handle of this.#channels.peek().values()) handle.close()
  }

  #watching(type: string): Watch<never> {
    const watch: Watch<unknown> = (receive, options) => this.#read(type, receive, options?.last)
    return watch as Watch<never>
  }

  #read(type: string, receive: (event: StreamEvent<unknown>) => void, last = false): () => void {
    const reader: HandleReader = {
      type,
      decoderOf: (name) => this.#events?.[name] ?? text,
      receive: (event) => {
        if (this.#decodeError.peek() !== undefined) this.#decodeError.value = undefined
        receive(event)
      },
      // One event's error is one object for all its readers: it is told once.
      fail: (error) => {
        const isNew = this.#decodeError.peek() !== error
        this.#decodeError.value = error
        return isNew
      },
    }
    const stopReading = this.#source.read(this.#path, reader, last)
    const stop = () => {
      this.#held.delete(stop)
      stopReading()
    }
    this.#held.add(stop)
    return stop
  }
}

function listen(
  read: (receive: (event: StreamEvent<unknown>) => void) => () => void,
  listener: (event: never) => void,
  abort: AbortSignal | undefined,
): () => void {
  if (abort?.aborted) return () => {}
  const stopReading = read((event) => {
    try {
      listener(event as never)
    } catch (error) {
      report(error)
    }
  })
  const stop = () => {
    abort?.removeEventListener('abort', stop)
    stopReading()
  }
  abort?.addEventListener('abort', stop)
  return stop
}

function channelPath(parent: string, name: string): string {
  const path = name.replace(/^\/+|\/+$/g, '')
  if (path === '') {
    throw new StreamError(
      'invalid-argument',
      `Cannot read channel "${name}": it has no name. Name a channel, or use the stream itself for everything it carries.`,
    )
  }
  return parent === '' ? path : `${parent}/${path}`
}

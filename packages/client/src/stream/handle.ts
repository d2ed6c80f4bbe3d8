import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import type { ConnectionStatus } from '../connection/machine.ts'
import { report, StreamError } from '../errors.ts'
import type { StreamEvent } from '../event.ts'
import { ancestors } from './channel.ts'
import { text, type Decoder } from './decode.ts'
import type { Feed } from './feed.ts'
import { healthOf } from './health.ts'
import type { Reader } from './readers.ts'
import { latestStore, reduceStore, selectStore, type Watch } from './stores.ts'
import type { EventMap, EventOf, Stream } from './stream.ts'

/** Where a handle finds what it shares with others. */
export interface FeedSource {
  /** Reads the feed of this channel (empty for the whole stream), made where there is none; returns what stops it. */
  readonly read: (channel: string, reader: HandleReader, last: boolean) => () => void
  /** The feed of this channel, where it is in use. A signal: it tells of feeds that come and go. */
  readonly find: (channel: string) => Feed | undefined
}

/** A reader that does not know its place in the feed, nor who else wants to hear of its failures. */
type HandleReader = Omit<Reader, 'channel' | 'onError'>

/** What the handle of a stream and those of its channels have in common. */
class Family<Events> {
  readonly events: EventMap | undefined
  readonly source: FeedSource
  readonly handles = new Map<string, Handle<Events>>()
  readonly #read = new Map<string, number>()
  readonly #changes = signal(0)

  constructor(events: EventMap | undefined, source: FeedSource) {
    this.events = events
    this.source = source
  }

  /** Counts the readers of a channel. */
  count(path: string, change: 1 | -1): void {
    const count = (this.#read.get(path) ?? 0) + change
    if (count === 0) this.#read.delete(path)
    else this.#read.set(path, count)
    if (count === 0 || (count === 1 && change === 1)) this.#changes.value = this.#changes.peek() + 1
  }

  /** The feeds of a channel and of those below it that are read, each once. A signal. */
  feedsOf(path: string): Feed[] {
    void this.#changes.value
    const paths = [path, ...[...this.#read.keys()].filter((other) => isBelow(other, path))]
    const feeds = paths.map((one) => this.source.find(one)).filter((feed) => feed !== undefined)
    return [...new Set(feeds)]
  }

  handleOf(path: string): Handle<Events> {
    let handle = this.handles.get(path)
    if (handle === undefined) this.handles.set(path, (handle = new Handle(this, path)))
    return handle
  }
}

/** The handle of a stream. */
export function createHandle<Events>(
  events: EventMap | undefined,
  source: FeedSource,
): Stream<Events> {
  return new Family<Events>(events, source).handleOf('')
}

/** The handle of a stream, or of one of its channels. */
class Handle<Events> implements Stream<Events> {
  readonly #family: Family<Events>
  readonly #path: string
  readonly #held = new Set<() => void>()
  readonly #latest = new Map<string, ReadonlySignal<unknown>>()
  readonly #decodeError = signal<StreamError | undefined>(undefined)
  #failedType: string | undefined
  readonly status: ReadonlySignal<ConnectionStatus>
  readonly error: ReadonlySignal<StreamError | undefined>

  constructor(family: Family<Events>, path: string) {
    this.#family = family
    this.#path = path
    const { status, error } = healthOf(computed(() => family.feedsOf(path)))
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

  readonly on: Stream<Events>['on'] = (type, listener, { signal: abort } = {}) => {
    if (abort?.aborted) return () => {}
    const stop = this.#read(type, guarded(listener), () => {
      abort?.removeEventListener('abort', stop)
    })
    abort?.addEventListener('abort', stop)
    return stop
  }

  readonly channel = (name: string): Stream<Events> =>
    this.#family.handleOf(channelPath(this.#path, name))

  readonly reconnect = (): void => {
    for (const feed of this.#family.feedsOf(this.#path)) feed.connection.restart()
  }

  readonly close = (): void => {
    for (const [path, handle] of this.#family.handles) {
      if (path === this.#path || isBelow(path, this.#path)) handle.#letGo()
    }
  }

  #letGo(): void {
    for (const stop of this.#held) stop()
  }

  #watching(type: string): Watch<never> {
    const watch: Watch<unknown> = (receive, { last } = { last: false }) =>
      this.#read(type, receive, () => {}, last)
    return watch as Watch<never>
  }

  #read(
    type: string,
    receive: (event: StreamEvent<unknown>) => void,
    onStop: () => void,
    last = false,
  ): () => void {
    const stopReading = this.#family.source.read(this.#path, this.#reader(type, receive), last)
    this.#family.count(this.#path, 1)
    const stop = () => {
      if (!this.#held.delete(stop)) return
      stopReading()
      this.#family.count(this.#path, -1)
      onStop()
    }
    this.#held.add(stop)
    return stop
  }

  #reader(type: string, receive: (event: StreamEvent<unknown>) => void): HandleReader {
    return {
      type,
      decoderOf: (name) => decoderIn(this.#family.events, name),
      receive: (event) => {
        if (event.type === this.#failedType) {
          this.#failedType = undefined
          this.#decodeError.value = undefined
        }
        receive(event)
      },
      fail: (error, failedType) => {
        this.#failedType = failedType
        this.#decodeError.value = error
      },
    }
  }
}

/** The decoder for a type; that for `'*'`, where there is one, for every type that has none of its own. */
function decoderIn(events: EventMap = {}, type: string): Decoder<unknown> {
  // A server may name its events as objects name their methods.
  const name = Object.hasOwn(events, type) ? type : '*'
  return (Object.hasOwn(events, name) ? events[name] : undefined) ?? text
}

function guarded(listener: (event: never) => void): (event: StreamEvent<unknown>) => void {
  return (event) => {
    try {
      listener(event as never)
    } catch (error) {
      report(error)
    }
  }
}

function isBelow(path: string, parent: string): boolean {
  return path !== parent && (parent === '' || ancestors(path).includes(parent))
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

import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core'
import { checkDecoders, checkIterating, checkListening, checkType } from '#development'
import type { ConnectionStatus } from '../connection/machine.ts'
import type { ConnectionSnapshot } from '../connection/snapshot.ts'
import { guarded, type StreamError } from '../errors.ts'
import type { Gap, StreamEvent } from '../event.ts'
import { knownIn } from '../known-in.ts'
import { isBelow, parseChannel } from './channel-name.ts'
import type { Commit } from './commit.ts'
import { DecodeFailure, type Decoding } from './decode.ts'
import { decoderIn, decodersIn, namesIn } from './decoders.ts'
import type { Feed } from './feed.ts'
import { leastHealthy } from './health.ts'
import { eventIterator } from './iterator.ts'
import type { Reader } from './reader.ts'
import { historyStore, latestStore, reduceStore, selectStore, type Supply } from './stores.ts'
import type { EventMap, Stream } from './stream.ts'
import { tellOnce } from './tell-once.ts'

/** Where a handle finds what it shares with others. */
export interface FeedSource {
  /** Reads the feed of this channel (empty for the whole stream), made where there is none; returns what stops it. */
  readonly read: (channel: string, reader: HandleReader, last: boolean) => () => void
  /** Whether nobody can read it here: its URL is relative, and there is no page. */
  readonly lacksPage: () => boolean
  /** The feed of this channel, where it is in use. A signal: it tells of feeds that come and go. */
  readonly find: (channel: string) => Feed | undefined
  /** The last event of this type there, where the feed is in use. */
  readonly last: (channel: string, type: string) => Decoding | undefined
  /** When what stores have read becomes their value. */
  readonly commit: () => Commit
}

/** A reader that does not know its place in the feed, nor who else wants to hear of what goes wrong. */
type HandleReader = Omit<Reader, 'channel' | 'onError' | 'onGap' | 'request'>

/** What the handle of a stream and those of its channels have in common. */
class Family<Events> {
  readonly decoders: EventMap | undefined
  readonly source: FeedSource
  readonly #handles = new Map<string, Handle<Events>>()
  readonly #changes = signal(0)

  constructor(events: EventMap | undefined, source: FeedSource) {
    this.decoders = decodersIn(events)
    this.source = source
  }

  /** A handle has its first reader, or has lost its last. */
  changed(): void {
    guarded(() => {
      this.#changes.value = this.#changes.peek() + 1
    })
  }

  /** The handles of a channel and of those below it. */
  handlesIn(path: string): Handle<Events>[] {
    return [...this.#handles.values()].filter((handle) => isIn(handle.path, path))
  }

  /** The feeds of a channel and of those below it that are read, each once. A signal. */
  feedsOf(path: string): Feed[] {
    void this.#changes.value
    const read = this.handlesIn(path).filter((one) => one.path === path || one.held.size > 0)
    const feeds = new Set(read.map((handle) => this.source.find(handle.path)))
    return [...feeds].filter((feed) => feed !== undefined)
  }

  /** Whoever reads this channel has missed events: that is news for the handles of its parents too. */
  missed(path: string, gap: Gap): void {
    for (const handle of this.#handles.values()) {
      if (isIn(path, handle.path)) tellOnce(handle.countGap, gap)
    }
  }

  handleOf(path: string): Handle<Events> {
    return knownIn(this.#handles, path, () => new Handle(this, path))
  }
}

function isIn(channel: string, parent: string): boolean {
  return channel === parent || isBelow(channel, parent)
}

/** The handle of a stream. */
export function createHandle<Events>(
  events: EventMap | undefined,
  source: FeedSource,
): Stream<Events> {
  checkDecoders(events)
  return new Family<Events>(events, source).handleOf('')
}

/** The handle of a stream, or of one of its channels. */
class Handle<Events> implements Stream<Events> {
  readonly path: string
  /** What stops each of its readers. */
  readonly held = new Set<() => void>()
  readonly status: ReadonlySignal<ConnectionStatus>
  readonly error: ReadonlySignal<StreamError | undefined>
  readonly connection: ReadonlySignal<ConnectionSnapshot>
  readonly gaps: Signal<number> = signal(0)
  readonly decodeError: Signal<StreamError | undefined> = signal()
  readonly #family: Family<Events>
  readonly #latest = new Map<string, ReadonlySignal<unknown>>()
  #failedType: string | undefined

  constructor(family: Family<Events>, path: string) {
    this.#family = family
    this.path = path
    const worst = computed(() => leastHealthy(family.feedsOf(path)))
    this.status = computed(() => worst.value.state.value.status)
    this.error = computed(() => worst.value.state.value.error)
    this.connection = computed(() => worst.value.snapshot.value)
  }

  readonly countGap = (): void => {
    guarded(() => {
      this.gaps.value += 1
    })
  }

  readonly latest: Stream<Events>['latest'] = (type) =>
    knownIn(this.#latest, type, () => latestStore(this.#supply(type))) as ReadonlySignal<never>

  readonly select: Stream<Events>['select'] = (type, selector, options) =>
    selectStore(this.#supply(type), selector as never, options)

  readonly reduce: Stream<Events>['reduce'] = (type, reducer, initialValue, options) =>
    reduceStore(this.#supply(type), reducer as never, initialValue, options)

  readonly history: Stream<Events>['history'] = (type, options) =>
    historyStore(this.#supply(type), options) as ReadonlySignal<never>

  readonly on: Stream<Events>['on'] = (types, listener, options = {}) => {
    checkListening(types, listener, options)
    const { signal: abort, once } = options
    if (abort?.aborted) return () => {}
    const stop = this.#read([types].flat(), {
      receive: (event) => {
        if (once) stop()
        listener(event as never)
      },
      onStop: () => abort?.removeEventListener('abort', stop),
    })
    abort?.addEventListener('abort', stop)
    return stop
  }

  readonly events: Stream<Events>['events'] = (types, options = {}) => {
    checkIterating(types, options)
    return eventIterator<never>({
      start: ({ receive, end }) =>
        this.#read([types].flat(), {
          receive: (event) => receive(event as never),
          onEnd: end,
          onStop: end,
        }),
      signal: options.signal,
    })
  }

  readonly channel = (name: string): Stream<Events> =>
    this.#family.handleOf(parseChannel(name, this.path))

  readonly reconnect = (): void => {
    for (const feed of this.#family.feedsOf(this.path)) feed.reconnect()
  }

  readonly close = (): void => {
    for (const { held } of this.#family.handlesIn(this.path)) {
      for (const stop of Array.from(held)) stop()
    }
  }

  #supply(type: string): Supply<never> {
    checkType(type)
    const { decoders, source } = this.#family
    const supply: Supply<unknown> = {
      read: (receive, options) => {
        const read = () => this.#read([type], { receive, ...options })
        return source.lacksPage() ? readLate(read) : read()
      },
      last: () => {
        const decoding = source.last(this.path, type)
        const decoded = decoding?.by(decoderIn(decoders, decoding.raw.type))
        // What takes its time, or does not decode, is for who reads it.
        return decoded instanceof Promise || decoded instanceof DecodeFailure ? undefined : decoded
      },
      commit: source.commit,
    }
    return supply as Supply<never>
  }

  #read(types: readonly string[], reading: Reading): () => void {
    const { receive, missed, onEnd, onStop, last = false } = reading
    const { decoders, source } = this.#family
    const all = types.includes('*')
    const reader: HandleReader = {
      types: all ? ['*'] : types,
      named: all ? namesIn(decoders) : types,
      decoderOf: (type) => decoderIn(decoders, type),
      receive: (event) => {
        if (event.type === this.#failedType) {
          this.#failedType = undefined
          this.decodeError.value = undefined
        }
        receive(event)
      },
      fail: (error, type) => {
        this.#failedType = type
        this.decodeError.value = error
      },
      missed: (gap) => {
        this.#family.missed(this.path, gap)
        missed?.(gap)
      },
      ended: onEnd,
      closed: () => stop(),
    }
    const stopReading = source.read(this.path, reader, last)
    const stop = () => {
      if (!this.held.delete(stop)) return
      stopReading()
      if (this.held.size === 0) this.#family.changed()
      onStop?.()
    }
    this.held.add(stop)
    if (this.held.size === 1) this.#family.changed()
    return stop
  }
}

/** A server render subscribes and lets go at once, and nothing is wrong; who holds on is told that nothing comes. */
function readLate(read: () => () => void): () => void {
  let held = true
  let stop: (() => void) | undefined
  queueMicrotask(() => {
    if (held) stop = guarded(read)
  })
  return () => {
    held = false
    stop?.()
  }
}

/** What a handle does with what it reads. */
interface Reading {
  readonly receive: (event: StreamEvent<unknown>) => void
  readonly missed?: (gap: Gap) => void
  /** No more will come. */
  readonly onEnd?: (error?: StreamError) => void
  /** It was stopped. */
  readonly onStop?: () => void
  /** Whether it starts at the last event there was. */
  readonly last?: boolean
}

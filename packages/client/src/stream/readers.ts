import { guarded, type StreamError } from '../errors.ts'
import type { Gap, RawEvent } from '../event.ts'
import { knownIn } from '../known-in.ts'
import { ownText } from '../own-text.ts'
import { together } from '../together.ts'
import { ancestors } from './channel-name.ts'
import { Decoding } from './decode.ts'
import { Delivery } from './delivery.ts'
import type { Reader } from './reader.ts'
import { tellOnce } from './tell-once.ts'

/** The readers of one type and channel, and the last event that was theirs. */
interface Place {
  readonly readers: Set<Reader>
  last: Decoding | undefined
}

/** Where the events of one type and of these channels go: found once, for as long as nobody comes or goes. */
interface Route {
  readonly type: string
  /** What its channels are known by. */
  readonly path: string
  readonly places: readonly Place[]
  readonly readers: readonly Reader[]
}

/** So many routes are remembered: a server may name types and channels without end. */
const ROUTES = 10_000

/** An event that came before somebody read it. */
interface Came {
  readonly event: RawEvent
  readonly channels: readonly string[]
}

/**
 * Who reads what. Finding an event's readers costs by the depth of its channel, never by how many read other things.
 */
export class Readers {
  /** How many read each channel, the whole stream aside. */
  readonly channels: Map<string, number> = new Map()
  readonly #readers = new Set<Reader>()
  /** Those who start at the last event there was. */
  readonly #late = new WeakSet<Reader>()
  readonly #places = new Map<string, Map<string, Place>>()
  /** By type and channels. */
  #routes = new Map<string, Map<string, Route>>()
  #found = 0
  /** That of the event before: nearly always it is the next one's too, and to look for it costs as much as to go it. */
  #latest: Route | undefined
  readonly #delivery = new Delivery()

  add(reader: Reader): void {
    this.#readers.add(reader)
    this.#count(reader.channel, 1)
    this.#forget()
    for (const type of reader.types) this.#place(type, reader.channel).readers.add(reader)
  }

  delete(reader: Reader): void {
    const { types, channel } = reader
    this.#delivery.forget(reader)
    if (!this.#readers.delete(reader)) return
    this.#count(channel, -1)
    this.#forget()
    for (const type of types) {
      const places = this.#places.get(type)
      const place = places?.get(channel)
      place?.readers.delete(reader)
      // What was heard last is kept for whoever comes next.
      if (place?.readers.size === 0 && place.last === undefined) places?.delete(channel)
    }
  }

  #count(channel: string, more: number): void {
    const count = (this.channels.get(channel) ?? 0) + more
    if (count === 0) this.channels.delete(channel)
    else if (channel !== '') this.channels.set(channel, count)
  }

  /** Every type that is read now: by name, or with `'*'` where somebody reads `all`. */
  types(all = false): Set<string> {
    return new Set([...this.#readers].flatMap(({ types, named = [] }) => (all ? types : named)))
  }

  /** Gives an event to all whose it is, each once; who starts to read meanwhile waits for the next. */
  dispatch(decoding: Decoding, channels: readonly string[]): void {
    const { places, readers } = this.#routeOf(decoding.raw.type, channels)
    const routes = this.#routes
    for (const place of places) place.last = decoding
    for (const reader of readers) {
      // Somebody may have gone meanwhile.
      if (this.#routes === routes || this.#readers.has(reader)) this.give(reader, decoding)
    }
  }

  #routeOf(type: string, channels: readonly string[]): Route {
    const path = pathOf(channels)
    const latest = this.#latest
    if (latest?.type === type && latest.path === path) return latest
    this.#latest = this.#routes.get(type)?.get(path) ?? this.#find(type, channels, path)
    return this.#latest
  }

  #find(type: string, channels: readonly string[], path: string): Route {
    const places: Place[] = []
    for (const name of new Set([type, '*'])) {
      const named = this.#places.get(name) ?? new Map<string, Place>()
      // What names no channel is for everyone.
      const paths = channels.length === 0 ? named.keys() : pathsOf(channels)
      for (const path of paths) {
        const place = named.get(path)
        if (place !== undefined) places.push(place)
      }
    }
    const readers = places.flatMap((place) => [...place.readers])
    const route = { type: ownText(type), path: ownText(path), places, readers }
    if (this.#found === ROUTES) this.#forget()
    this.#found += 1
    const routes = knownIn(this.#routes, route.type, () => new Map<string, Route>())
    routes.set(route.path, route)
    return route
  }

  #forget(): void {
    this.#routes = new Map()
    this.#found = 0
    this.#latest = undefined
  }

  /** Gives an event to one reader. */
  give(reader: Reader, decoding: Decoding): void {
    this.#delivery.give(reader, decoding, reader.decoderOf(decoding.raw.type))
  }

  /** Tells all, or one of them, that events were missed. */
  gap(gap: Gap, only?: Reader): void {
    this.#tell(only, (reader) => {
      guarded(() => reader.missed(gap))
      tellOnce(reader.onGap, gap)
    })
  }

  /** Tells all, or one of them, that no more will come. */
  end(error: StreamError | undefined, only?: Reader): void {
    this.#tell(only, (reader) => reader.ended?.(error))
  }

  /** In its place among each reader's events. */
  #tell(only: Reader | undefined, say: (reader: Reader) => void): void {
    for (const reader of only ? [only] : this.#readers) {
      this.#delivery.tell(reader, () => say(reader))
    }
  }

  /** Tells everyone's error handler, each once, of what happened to the stream as a whole. */
  fail(error: StreamError): void {
    for (const { onError } of Array.from(this.#readers)) guarded(() => tellOnce(onError, error))
  }

  /** How many read each type of each channel. */
  census(): { channel: string; type: string; count: number }[] {
    const census = []
    for (const [type, channels] of this.#places) {
      for (const [channel, { readers }] of channels) {
        if (readers.size > 0) census.push({ channel, type, count: readers.size })
      }
    }
    return census
  }

  /** Has each event, from before it was read here, be the last wherever it `may`: who starts at the last is given it. */
  remind(came: readonly Came[], may: (place: Place, event: RawEvent) => boolean): void {
    together(() => {
      for (const { event, channels } of came) {
        const decoding = new Decoding(event, channels[0])
        for (const place of this.#routeOf(event.type, channels).places) {
          if (!may(place, event)) continue
          place.last = decoding
          for (const reader of place.readers) {
            if (this.#late.has(reader)) this.give(reader, decoding)
          }
        }
      }
    })
  }

  /** The last event of a type and channel, where anybody has asked for such. */
  last(type: string, channel: string): Decoding | undefined {
    return this.#places.get(type)?.get(channel)?.last
  }

  /** Gives a reader that came late the last event that would have been its own. */
  replayLast(reader: Reader): void {
    this.#late.add(reader)
    for (const type of reader.types) {
      const { last } = this.#place(type, reader.channel)
      if (last !== undefined) this.give(reader, last)
    }
  }

  #place(type: string, channel: string): Place {
    const places = knownIn(this.#places, type, () => new Map<string, Place>())
    return knownIn(places, channel, () => ({ readers: new Set(), last: undefined }))
  }
}

/** A name for these channels: nearly always that of the only one, which a server may call as it likes. */
function pathOf(channels: readonly string[]): string {
  const only = channels[0] ?? '[]'
  const isPlain = channels.length === (only.startsWith('[') ? 0 : 1)
  return isPlain ? only : JSON.stringify(channels)
}

/** The whole stream, and each channel with its parents, each once. */
function pathsOf(channels: readonly string[]): readonly string[] {
  return [...new Set(['', ...channels.flatMap((channel) => [channel, ...ancestors(channel)])])]
}

/** Whether an event of these channels is a reader's. */
export function reads(reader: Reader, type: string, channels: readonly string[]): boolean {
  if (!reader.types.includes('*') && !reader.types.includes(type)) return false
  return channels.length === 0 || pathsOf(channels).includes(reader.channel)
}

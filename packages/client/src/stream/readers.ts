import { report, type StreamError } from '../errors.ts'
import type { Gap, RawEvent, StreamEvent } from '../event.ts'
import { ancestors } from './channel.ts'
import { DecodeFailure, Decoding, type Decoder } from './decode.ts'

/** Whoever takes the events of one type, or of all (`'*'`), from a stream or from one channel of it. */
export interface Reader {
  readonly type: string
  /** Empty for the whole stream. */
  readonly channel: string
  readonly decoderOf: (type: string) => Decoder<unknown>
  readonly receive: (event: StreamEvent<unknown>) => void
  readonly fail: (error: StreamError, type: string) => void
  /** Is told of an event's failure once, however many readers have it. */
  readonly onError: ((error: StreamError) => void) | undefined
  /** Is told, in its place among the events, that some were missed. */
  readonly missed?: ((gap: Gap) => void) | undefined
  /** Is told that no more will come: with the error, where that is why. */
  readonly ended?: ((error: StreamError | undefined) => void) | undefined
}

/** The readers of one type and channel, and the last event that was theirs. */
interface Place {
  readonly readers: Set<Reader>
  last: Decoding | undefined
}

/**
 * Who reads what. Finding an event's readers costs by the depth of its channel, never by how many read other things.
 */
export class Readers {
  readonly #places = new Map<string, Map<string, Place>>()

  add(reader: Reader): void {
    this.#place(reader).readers.add(reader)
  }

  delete(reader: Reader): void {
    const { type, channel } = reader
    const places = this.#places.get(type)
    const place = places?.get(channel)
    place?.readers.delete(reader)
    // What was heard last is kept for whoever comes next.
    if (place?.readers.size === 0 && place.last === undefined) places?.delete(channel)
  }

  /** Every type that is read now. */
  types(): Set<string> {
    const types = new Set<string>()
    for (const [type, channels] of this.#places) {
      if (isRead(channels)) types.add(type)
    }
    return types
  }

  /** Every channel that is read now, the whole stream not among them. */
  channels(): Set<string> {
    const channels = new Set<string>()
    for (const places of this.#places.values()) {
      for (const [channel, { readers }] of places) {
        if (channel !== '' && readers.size > 0) channels.add(channel)
      }
    }
    return channels
  }

  /** Gives an event to all whose it is, each once; who starts to read meanwhile waits for the next. */
  dispatch(raw: RawEvent, channels: readonly string[]): void {
    const decoding = new Decoding(raw, channels[0])
    const due: [Reader, Place][] = []
    for (const place of this.#placesOf(raw.type, channels)) {
      place.last = decoding
      for (const reader of place.readers) due.push([reader, place])
    }
    for (const [reader, { readers }] of due) if (readers.has(reader)) give(decoding, reader)
  }

  /** Tells all who want to know that events were missed. */
  gap(gap: Gap): void {
    for (const reader of this.#all()) guard(() => reader.missed?.(gap))
  }

  /** Tells all, or one of them, that no more will come. */
  end(error: StreamError | undefined, only?: Reader): void {
    for (const reader of only ? [only] : this.#all()) guard(() => reader.ended?.(error))
  }

  /** Tells everyone's error handler, each once, of what happened to the stream as a whole. */
  fail(error: StreamError): void {
    for (const onError of new Set(this.#all().map((reader) => reader.onError))) {
      guard(() => onError?.(error))
    }
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

  /** Gives a reader that came late the last event that would have been its own. */
  replayLast(reader: Reader): void {
    const { last } = this.#place(reader)
    if (last !== undefined) give(last, reader)
  }

  /** Every reader, as they are now. */
  #all(): Reader[] {
    return [...this.#places.values()].flatMap((places) =>
      [...places.values()].flatMap(({ readers }) => [...readers]),
    )
  }

  #placesOf(type: string, channels: readonly string[]): Place[] {
    const found: Place[] = []
    for (const name of new Set([type, '*'])) {
      const places = this.#places.get(name)
      if (places === undefined) continue
      // What names no channel is for everyone.
      if (channels.length === 0) {
        found.push(...places.values())
        continue
      }
      for (const path of pathsOf(channels)) {
        const place = places.get(path)
        if (place !== undefined) found.push(place)
      }
    }
    return found
  }

  #place({ type, channel }: Reader): Place {
    let places = this.#places.get(type)
    if (places === undefined) this.#places.set(type, (places = new Map()))
    let place = places.get(channel)
    if (place === undefined) places.set(channel, (place = { readers: new Set(), last: undefined }))
    return place
  }
}

function isRead(channels: Map<string, Place>): boolean {
  for (const { readers } of channels.values()) if (readers.size > 0) return true
  return false
}

/** The whole stream, and each channel with its parents, each once. */
function pathsOf(channels: readonly string[]): Iterable<string> {
  return new Set(['', ...channels.flatMap((channel) => [channel, ...ancestors(channel)])])
}

/** Whether an event of these channels is a reader's. */
export function reads(reader: Reader, type: string, channels: readonly string[]): boolean {
  if (reader.type !== '*' && reader.type !== type) return false
  return channels.length === 0 || new Set(pathsOf(channels)).has(reader.channel)
}

/** Gives an event to a reader, as its decoder makes it. */
export function give(decoding: Decoding, reader: Reader): void {
  const { type } = decoding.raw
  try {
    const decoded = decoding.by(reader.decoderOf(type))
    if (decoded instanceof DecodeFailure) {
      reader.fail(decoded.error, type)
      if (reader.onError !== undefined) decoded.tell(reader.onError)
    } else {
      reader.receive(decoded)
    }
  } catch (error) {
    report(error)
  }
}

/** A reader's mistake is nobody else's. */
function guard(tell: () => void): void {
  try {
    tell()
  } catch (error) {
    report(error)
  }
}

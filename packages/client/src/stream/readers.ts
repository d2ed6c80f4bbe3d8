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
    for (const places of this.#places.values()) {
      for (const { readers } of places.values()) for (const reader of readers) tell(reader, gap)
    }
  }

  /** Gives a reader that came late the last event that would have been its own. */
  replayLast(reader: Reader): void {
    const { last } = this.#place(reader)
    if (last !== undefined) give(last, reader)
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

function give(decoding: Decoding, reader: Reader): void {
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

function tell(reader: Reader, gap: Gap): void {
  try {
    reader.missed?.(gap)
  } catch (error) {
    report(error)
  }
}

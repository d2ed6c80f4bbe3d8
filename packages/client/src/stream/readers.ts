import { report, StreamError } from '../errors.ts'
import type { RawEvent, StreamEvent } from '../event.ts'
import { ancestors } from './channel.ts'
import { Decoding, type Decoder } from './decode.ts'

/** Whoever takes the events of one type, or of all (`'*'`), from a stream or from one channel of it. */
export interface Reader {
  readonly type: string
  /** Empty for the whole stream. */
  readonly channel: string
  readonly decoderOf: (type: string) => Decoder<unknown>
  readonly receive: (event: StreamEvent<unknown>) => void
  readonly fail: (error: StreamError) => void
}

/** The readers of one type and channel, and the last event that was theirs. */
interface Place {
  readonly readers: Set<Reader>
  last: { readonly raw: RawEvent; readonly channel: string | undefined } | undefined
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
    this.#place(reader).readers.delete(reader)
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

  /** Gives an event to all whose it is, each once. */
  dispatch(raw: RawEvent, channels: readonly string[]): void {
    const [channel] = channels
    const decoding = new Decoding(raw, channel)
    for (const type of [raw.type, '*']) {
      const places = this.#places.get(type)
      if (places === undefined) continue
      // What names no channel is for everyone.
      for (const path of channels.length === 0 ? places.keys() : pathsOf(channels)) {
        const place = places.get(path)
        if (place === undefined) continue
        place.last = { raw, channel }
        // A copy: who starts to read during the event waits for the next.
        for (const reader of Array.from(place.readers)) {
          if (place.readers.has(reader)) give(decoding, reader)
        }
      }
    }
  }

  /** Gives a reader that came late the last event that would have been its own. */
  replayLast(reader: Reader): void {
    const { last } = this.#place(reader)
    if (last !== undefined) give(new Decoding(last.raw, last.channel), reader)
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
  try {
    const decoded = decoding.by(reader.decoderOf(decoding.type))
    if (decoded instanceof StreamError) reader.fail(decoded)
    else reader.receive(decoded)
  } catch (error) {
    report(error)
  }
}

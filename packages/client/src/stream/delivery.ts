import { warnOfDropped } from '#development'
import { guarded, report } from '../errors.ts'
import { knownIn } from '../known-in.ts'
import { together } from '../together.ts'
import { DecodeFailure, type Decoded, type Decoder, type Decoding } from './decode.ts'
import type { Reader } from './reader.ts'
import { tellOnce } from './tell-once.ts'

/** Hands a reader what is next; `false` where that is still being decoded. */
type Turn = () => boolean

/**
 * Gives readers what is theirs: each in order, and none waits for what another's decoder takes its time over.
 *
 * What is decoded at once is given at once. Behind an event that is not, everything for the same reader queues up.
 */
export class Delivery {
  readonly #queues = new Map<Reader, Turn[]>()
  #settling = false

  give(reader: Reader, decoding: Decoding, decoder: Decoder<unknown>): void {
    const decoded = decoding.by(decoder)
    if (decoded instanceof Promise) void decoded.then(() => this.#settle())
    else if (this.#queues.size === 0 || !this.#queues.has(reader)) return hand(reader, decoded)
    this.#enqueue(reader, () => {
      const ready = decoding.by(decoder)
      if (ready instanceof Promise) return false
      hand(reader, ready)
      return true
    })
  }

  /** Says something to a reader, in its place among the events. */
  tell(reader: Reader, say: () => void): void {
    if (!this.#queues.has(reader)) return guarded(say)
    this.#enqueue(reader, () => {
      guarded(say)
      return true
    })
  }

  /** A reader that has stopped hears nothing more. */
  forget(reader: Reader): void {
    this.#queues.delete(reader)
  }

  #enqueue(reader: Reader, turn: Turn): void {
    knownIn(this.#queues, reader, () => []).push(turn)
  }

  /** Something was decoded: with all else that is by the end of the turn, it is one commit. */
  #settle(): void {
    if (this.#settling) return
    this.#settling = true
    queueMicrotask(() => {
      this.#settling = false
      together(() => {
        for (const [reader, queue] of this.#queues) this.#drain(reader, queue)
      })
    })
  }

  #drain(reader: Reader, queue: Turn[]): void {
    let taken = 0
    // What it is handed may make a reader stop.
    while (this.#queues.get(reader) === queue && queue[taken]?.()) taken += 1
    queue.splice(0, taken)
    if (queue.length === 0) this.forget(reader)
  }
}

function hand(reader: Reader, decoded: Decoded): void {
  try {
    if (!(decoded instanceof DecodeFailure)) return reader.receive(decoded)
    if (decoded.excused) return
    reader.fail(decoded.error, decoded.type)
    tellOnce(reader.onError, decoded.error)
    warnOfDropped(reader, decoded)
  } catch (error) {
    report(error)
  }
}

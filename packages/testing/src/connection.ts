import type { Session } from '@millrace/server'
import { Boundary } from './boundary.ts'
import { Lane } from './chaos/lane.ts'
import type { Fate } from './chaos/lane.ts'
import { Wire } from './wire.ts'
import type { FarSide, Outlet } from './wire.ts'

/** What a connection is made of. */
export interface ConnectionParts {
  /** Which request it is, counted from 1. */
  readonly number: number
  readonly request: Request
  readonly session: Session
  /** What the engine answered. */
  readonly answer: ReadableStream<Uint8Array>
  /** See {@link Wire}. */
  readonly emptyStart: boolean
  readonly far: FarSide | undefined
  /** What becomes of a write, where all is not well. */
  readonly fateOf: (bytes: Uint8Array<ArrayBuffer>) => Fate | undefined
}

/**
 * One open response: the engine's bytes on their way to a client, with room for bytes the engine would never write.
 */
export class Connection {
  readonly number: number
  /** As the client made it. */
  readonly request: Request
  readonly session: Session
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Why the session is about to end, where the test has a hand in it. */
  cause: 'dropped' | 'ended' | undefined
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #outlet: Outlet
  readonly #written = new Boundary()
  #silent = false
  #done = false

  constructor(parts: ConnectionParts) {
    const { emptyStart, far, fateOf } = parts
    this.number = parts.number
    this.request = parts.request
    this.session = parts.session
    this.#reader = parts.answer.getReader()
    const wire = new Wire({ emptyStart, far, onCancel: () => this.leave() })
    this.body = wire.body
    this.#outlet = new Lane({ outlet: wire, fateOf, onBreak: () => this.drop() })
    // Either says that the client is gone: browsers never abort, happy-dom never cancels.
    const { signal } = parts.request
    signal.addEventListener('abort', () => this.leave(signal.reason), { once: true })
    if (signal.aborted) this.leave(signal.reason)
    void this.#carry()
  }

  /** Whether nothing can be written any more. */
  get isOver(): boolean {
    return this.#done
  }

  /** Whether nothing but raw bytes gets through. */
  get silent(): boolean {
    return this.#silent
  }

  /** Whether what was written so far leaves no event half told. */
  get isBetweenEvents(): boolean {
    return this.#written.isBetweenEvents
  }

  /** Puts bytes on the wire as they are. */
  write(bytes: Uint8Array): void {
    if (this.#done || bytes.length === 0) return
    this.#written.add(bytes)
    this.#outlet.write(new Uint8Array(bytes))
  }

  /** From now on, nothing but raw bytes gets through. */
  stall(): void {
    this.#silent = true
  }

  /** Breaks off, as a network does. */
  drop(): void {
    if (this.session.closed) return
    this.cause = 'dropped'
    this.#finish(() => this.#outlet.fail(new TypeError('network error')))
    void this.#reader.cancel().catch(() => {})
  }

  /** Ends the response in good order. */
  end(): void {
    if (this.session.closed) return
    this.cause = 'ended'
    this.session.close()
  }

  /** The client has gone. */
  leave(reason?: unknown): void {
    if (this.#done) return
    this.#finish(() => {
      // Whoever cancelled has closed the stream already.
      this.#outlet.fail(reason)
    })
    void this.#reader.cancel().catch(() => {})
  }

  // At once, not at the client's pace: raw bytes must not overtake the engine's.
  async #carry(): Promise<void> {
    try {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
        const { done, value } = await this.#reader.read()
        if (done) break
        if (!this.#silent) this.write(value)
      }
      this.#finish(() => this.#outlet.close())
    } catch (error) {
      this.#finish(() => this.#outlet.fail(error))
    }
  }

  #finish(settle: () => void): void {
    if (this.#done) return
    this.#done = true
    settle()
  }
}

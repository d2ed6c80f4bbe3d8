import type { Session } from '@millrace/server'
import { noteMove, noteUnread } from './activity.ts'

/** What a connection is made of. */
export interface ConnectionParts {
  /** Which request it is, counted from 1. */
  readonly number: number
  readonly request: Request
  readonly session: Session
  /** What the engine answered. */
  readonly answer: ReadableStream<Uint8Array>
  /** Nothing but raw bytes gets through. */
  readonly silent: boolean
  /** In Node, MSW sends the head with the first chunk only: an empty one, which clients never see. */
  readonly emptyStart: boolean
}

// CRLF is one line end: the CR before an LF is none of its own.
const BLANK_LINE = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)$/

/**
 * One open response: the engine's bytes on their way to a client, with room for bytes the engine would never write.
 */
export class Connection {
  readonly number: number
  readonly request: Request
  readonly session: Session
  /** Nothing but raw bytes gets through. */
  readonly silent: boolean
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Why the session is about to end, where the test has a hand in it. */
  cause: 'dropped' | 'ended' | undefined
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
  #done = false
  #tail = '\n\n'

  constructor(parts: ConnectionParts) {
    this.number = parts.number
    this.request = parts.request
    this.session = parts.session
    this.silent = parts.silent
    this.#reader = parts.answer.getReader()
    this.body = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller
          if (parts.emptyStart) controller.enqueue(new Uint8Array(0))
        },
        pull: () => this.#noteRead(),
        cancel: () => this.leave(),
      },
      { highWaterMark: 0 },
    )
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

  /** Whether what was written so far leaves no event half told. */
  get isBetweenEvents(): boolean {
    return BLANK_LINE.test(this.#tail)
  }

  /** Puts bytes on the wire as they are. */
  write(bytes: Uint8Array): void {
    if (this.#done || bytes.length === 0) return
    this.#tail = (this.#tail + String.fromCharCode(...bytes.subarray(-4))).slice(-4)
    noteMove()
    noteUnread(this, true)
    this.#controller.enqueue(new Uint8Array(bytes))
  }

  /** Breaks off, as a network does. */
  drop(): void {
    if (this.session.closed) return
    this.cause = 'dropped'
    this.#finish(() => this.#controller.error(new TypeError('network error')))
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
      if (reason !== undefined) this.#controller.error(reason)
    })
    void this.#reader.cancel().catch(() => {})
  }

  // A client that wants more is done with what it has.
  #noteRead(): void {
    noteMove()
    noteUnread(this, false)
  }

  // At once, not at the client's pace: raw bytes must not overtake the engine's.
  async #carry(): Promise<void> {
    try {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
        const { done, value } = await this.#reader.read()
        if (done) break
        if (!this.silent) this.write(value)
      }
      this.#finish(() => this.#controller.close())
    } catch (error) {
      this.#finish(() => this.#controller.error(error))
    }
  }

  #finish(settle: () => void): void {
    if (this.#done) return
    this.#done = true
    noteMove()
    noteUnread(this, false)
    settle()
  }
}

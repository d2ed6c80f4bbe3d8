import { BLANK, encodeEvent } from './encode.ts'
import type { ResumeDesk } from './log/resume.ts'
import type { EventServerOptions } from './options.ts'

const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

const utf8 = new TextEncoder()

/** How a stream begins: the headers of its response, and its first bytes. */
export class StreamHead {
  readonly #options: Pick<EventServerOptions, 'headers' | 'ids'>
  readonly #desk: Pick<ResumeDesk, 'keeps' | 'position'>
  readonly #greeting: Uint8Array<ArrayBuffer>

  constructor(
    options: Pick<EventServerOptions, 'headers' | 'ids' | 'keepAlive' | 'retry'>,
    desk: Pick<ResumeDesk, 'keeps' | 'position'>,
  ) {
    const { retry, keepAlive } = options
    this.#options = options
    this.#desk = desk
    // Clients take a comment as the promise of more: a server without keep-alive opens with a blank line.
    const comment = keepAlive === false ? undefined : 'connected'
    this.#greeting = utf8.encode(encodeEvent({ comment, retry }) || BLANK)
  }

  /** The usual ones, these, and the application's own. */
  headers(request: Request, cors: Record<string, string>): Headers {
    const { headers: own } = this.#options
    const headers = new Headers({ ...STREAM_HEADERS, ...cors })
    const more = new Headers(typeof own === 'function' ? own(request) : own)
    for (const [name, value] of more) {
      if (name === 'set-cookie' || name === 'vary') headers.append(name, value)
      else headers.set(name, value)
    }
    return headers
  }

  /**
   * The first bytes for who comes with this cursor, or with none.
   *
   * A client that loses its connection before its first event would come back without a cursor, and miss what was
   * published meanwhile: where there is a replay, the head says where the order stands (an id without data moves the
   * cursor and dispatches nothing: WHATWG HTML, 9.2.6). Where events need not have ids that cursor could fall behind
   * what was heard, and it would be heard again.
   */
  bytes(lastEventId: string | undefined): Uint8Array<ArrayBuffer> {
    const isTold = this.#desk.keeps && lastEventId === undefined && this.#options.ids !== 'manual'
    if (!isTold) return this.#greeting
    const cursor = utf8.encode(encodeEvent({ id: this.#desk.position }))
    const head = new Uint8Array(this.#greeting.length + cursor.length)
    head.set(this.#greeting)
    head.set(cursor, this.#greeting.length)
    return head
  }
}

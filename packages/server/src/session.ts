import type { Clock } from './clock.ts'
import type { ServerEvent } from './encode.ts'
import { EventServerError } from './error.ts'
import type { Output } from './output.ts'
import type { Tally } from './stats.ts'
import { nextTurn } from './turn.ts'

/**
 * Why a session ended: the client left, it was closed here, it read too slowly, it could not be written (an encoder that
 * fails at its start), or the server shut down.
 *
 * @example
 * createEventServer({ onDisconnect: (session, reason) => log(session.clientId, reason) })
 */
export type DisconnectReason = 'client' | 'server' | 'slow' | 'error' | 'shutdown'

/**
 * One open response.
 *
 * @example
 * for (const session of events.sessions) session.send({ event: 'hello', data: session.clientId })
 */
export interface Session<Data = unknown> {
  /** Random, and of this response alone. */
  readonly id: string
  /** Whose it is, as `authorize` said; one client may have many sessions. */
  readonly clientId: string | undefined
  /** What `authorize` knows about it. */
  readonly data: Data
  /** The subtrees it hears, in the fewest names, sorted. */
  readonly channels: readonly string[]
  /** The address it asked for. */
  readonly url: string
  /** From where it came, as the option `remoteAddress` says. */
  readonly remoteAddress: string | undefined
  /** What its client calls itself, the first 256 characters of it: nothing to trust, nor to show unescaped. */
  readonly userAgent: string | undefined
  /** The cursor it came with, as it was received. */
  readonly lastEventId: string | undefined
  /** When it came, in milliseconds since the epoch. */
  readonly connectedAt: number
  /** Whether it has ended. */
  readonly closed: boolean
  /** Events written to it, replayed ones included. */
  readonly sent: number
  /** Bytes written to it and not yet taken by its connection. */
  readonly backlog: number
  /** Sends to this session alone, in order with what is published; not kept for replay. Nothing if it has ended. */
  readonly send: (event: ServerEvent) => void
  /**
   * Ends the response after what was sent; the client may come back. What it has not read after 10 s is dropped. Where
   * its replay is still being read, it is sent what was for it alone, and the replay when it comes back.
   */
  readonly close: () => void
}

/** What a session is born with. */
export interface SessionDetails<Data> extends Omit<
  Session<Data>,
  'id' | 'closed' | 'sent' | 'backlog' | 'send' | 'close'
> {
  /** Milliseconds of silence that it bears; `undefined` where that is as many as the others. */
  readonly keepAlive: number | undefined
}

/** What a session asks of the server it belongs to. */
export interface SessionHost {
  readonly clock: Clock
  readonly maxBacklog: number
  /** What all sessions together were sent. */
  readonly tally: Tally
  readonly send: (session: LiveSession, event: ServerEvent) => void
  /** Writes out what waits for this session in the present turn. */
  readonly settle: (session: LiveSession) => void
  /** Called once. */
  readonly ended: (session: LiveSession, reason: DisconnectReason) => void
}

/** How a session ends. */
export interface Ending {
  /** What its reader is told; it is broken off. */
  readonly error?: unknown
  /** Its last bytes, where it ends well. */
  readonly farewell?: Uint8Array<ArrayBuffer>
}

// Milliseconds a client has to read what was left for it at the end.
const DRAIN_TIME = 10_000

/** A session from within: its output, and its one way to end. */
// oxlint-disable-next-line typescript/no-explicit-any -- `Data` is the caller's, and only passed through
export class LiveSession<Data = any> implements Session<Data> {
  readonly id: string = crypto.randomUUID()
  readonly clientId: string | undefined
  readonly data: Data
  readonly channels: readonly string[]
  readonly url: string
  readonly remoteAddress: string | undefined
  readonly userAgent: string | undefined
  readonly lastEventId: string | undefined
  readonly connectedAt: number
  readonly keepAlive: number | undefined
  /** When something was last written, in milliseconds since the epoch. */
  idleSince: number
  readonly #host: SessionHost
  readonly #output: Output
  #closed = false
  #sent = 0
  #burst = 0
  /** Events in the backlog. */
  #unread = 0
  #judged = false

  constructor(details: SessionDetails<Data>, output: Output, host: SessionHost) {
    this.clientId = details.clientId
    this.data = details.data
    this.channels = details.channels
    this.url = details.url
    this.remoteAddress = details.remoteAddress
    this.userAgent = details.userAgent
    this.lastEventId = details.lastEventId
    this.connectedAt = details.connectedAt
    this.keepAlive = details.keepAlive
    this.idleSince = details.connectedAt
    this.#output = output
    this.#host = host
  }

  get closed(): boolean {
    return this.#closed
  }

  get sent(): number {
    return this.#sent
  }

  get backlog(): number {
    return this.#output.backlog
  }

  readonly send = (event: ServerEvent): void => {
    this.#host.send(this, event)
  }

  readonly close = (): void => {
    this.end('server')
  }

  /** Writes the bytes of so many events; a reader that is too far behind is let go, and comes back by its cursor. */
  write(bytes: Uint8Array<ArrayBuffer>, now: number, events = 0, onTaken?: () => void): void {
    if (this.#closed) return
    const { backlog } = this.#output
    if (backlog === 0) this.#unread = 0
    if (backlog === 0 || onTaken) this.#burst = backlog + bytes.length
    this.#unread += events
    this.#sent += events
    this.#host.tally.delivered += events
    this.#output.write(bytes, onTaken)
    this.idleSince = now
    if (!this.#behind || this.#judged) return
    // A burst is no reader's fault: who is still behind when there was a turn to read in is slow.
    this.#judged = true
    nextTurn(() => {
      this.#judged = false
      if (this.#behind) this.end('slow')
    })
  }

  // What was written when nothing waited, or is waited for to be taken, is taken whole, whatever its size: what comes
  // behind it has the full allowance.
  get #behind(): boolean {
    return this.#output.backlog - this.#burst > this.#host.maxBacklog
  }

  /** Breaks the silence, unless there is something left to read. */
  beat(bytes: Uint8Array<ArrayBuffer>, now: number): void {
    if (this.#output.backlog === 0) this.write(bytes, now)
    this.idleSince = now
  }

  /** Ends once, for the first reason given. */
  end(reason: DisconnectReason, { error, farewell }: Ending = {}): void {
    if (this.#closed) return
    const kindly = reason === 'server' || reason === 'shutdown'
    if (kindly) {
      this.#host.settle(this)
      if (farewell) this.write(farewell, this.#host.clock.now())
    }
    this.#closed = true
    if (kindly) this.#drain()
    else this.#abort(error ?? tooSlow(this.#host.maxBacklog))
    this.#host.ended(this, reason)
  }

  // A reader that is stuck would keep what was left for it for ever.
  #drain(): void {
    const { clock, maxBacklog } = this.#host
    const late = (): void => this.#abort(tooSlow(maxBacklog))
    const timer = clock.setTimeout(late, DRAIN_TIME)
    this.#output.end(() => clock.clearTimeout(timer))
  }

  #abort(error: unknown): void {
    if (this.#output.backlog > 0) this.#host.tally.dropped += this.#unread
    this.#output.abort(error)
  }
}

function tooSlow(maxBacklog: number): EventServerError {
  return new EventServerError(
    'slow',
    `Cannot keep the session: its client left more than ${maxBacklog} bytes unread. Let it resume by its cursor, or raise maxBacklog.`,
  )
}

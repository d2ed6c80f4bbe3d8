import type { Clock } from '../clock.ts'
import { guarded } from '../errors.ts'
import type {
  Elsewhere,
  Link,
  Outcome,
  Transport,
  TransportRequest,
  TransportSink,
} from '../transport/transport.ts'
import { silenced } from '../transport/silenced.ts'
import { createWatchdog, type Watchdog } from './watchdog.ts'

/** Milliseconds of silence after which a link is taken for dead, where heartbeats were heard on it. */
const DEFAULT_HEARTBEAT_TIMEOUT = 45_000

/** Milliseconds in which a server that says where a stream begins has said so. */
const BEGINNING = 300
/** Milliseconds in which what has arrived by then is heard. */
const MOMENT = 50

/** The event type by which a server is heard where comments are not: on a native `EventSource`. */
const HEARTBEAT = 'heartbeat'

/**
 * What a function that makes a request may want to know of the attempt it is for.
 *
 * @example
 * eventStream('/events', {
 *   headers: async ({ status, signal }) => ({ authorization: await token({ fresh: status === 401, signal }) }),
 * })
 */
export interface AttemptContext {
  /** Aborted when the attempt is no longer wanted. */
  readonly signal: AbortSignal
  /** Failures in a row so far. */
  readonly failures: number
  /** The status that the last attempt was refused with, 401 say: time for a fresh token. */
  readonly status: number | undefined
}

export interface AttemptOptions {
  readonly transport: Transport
  readonly request: (
    lastEventId: string,
    context: AttemptContext,
  ) => TransportRequest | Promise<TransportRequest>
  /** The event types somebody reads now. */
  readonly types: () => Iterable<string>
  readonly clock: Clock
  /** Milliseconds; `undefined` for the default, which waits for a first heartbeat. */
  readonly heartbeatTimeout?: number | undefined
}

/** Where an attempt starts, and what went before it. */
interface About extends Omit<AttemptContext, 'signal'> {
  readonly lastEventId: string
}

/** One request, from the asking to its end. Once it is over, nothing it still says is heard. */
export class Attempt {
  /** How far it has come; at first, where it started. */
  lastEventId: string
  /** When it was last accepted; `undefined` where it was not yet. */
  openedAt: number | undefined
  /** Whether it has brought an event since it was accepted. */
  heard = false
  /** That of its request; empty while it is not known. */
  url = ''
  readonly #options: AttemptOptions
  readonly #sink: TransportSink
  readonly #about: About
  readonly #abort = new AbortController()
  readonly #watchdog: Watchdog
  #link: Link | undefined
  #over = false
  /** Whether somebody waits for it to say where it begins. */
  #awaited = false

  /** What is heard of it goes to its sink. */
  constructor(options: AttemptOptions, about: About, sinkFor: (attempt: Attempt) => TransportSink) {
    const { clock, heartbeatTimeout = DEFAULT_HEARTBEAT_TIMEOUT } = options
    this.#options = options
    this.#about = about
    this.lastEventId = about.lastEventId
    this.#sink = sinkFor(this)
    this.#watchdog = createWatchdog(clock, heartbeatTimeout, () => {
      // Where there is no request yet, the function that makes it has not answered.
      this.#close(this.url === '' ? { kind: 'request', cause: undefined } : { kind: 'silent' })
    })
  }

  begin(): void {
    const fail = (cause: unknown) => this.#close({ kind: 'request', cause })
    try {
      const { lastEventId, ...about } = this.#about
      const made = this.#options.request(lastEventId, { signal: this.#abort.signal, ...about })
      // A request without functions goes out in this very turn.
      if (!(made instanceof Promise)) return this.#connect(made)
      this.#watchdog.arm()
      made.then((ready) => this.#connect(ready)).catch(fail)
    } catch (cause) {
      fail(cause)
    }
  }

  /** Has the transport hear these event types too. */
  listen(types: Iterable<string>): void {
    this.#link?.listen(types)
  }

  /** Looks at once whether the link is still alive. */
  look(): void {
    this.#watchdog.look()
  }

  /** Milliseconds for which its server may yet say where it begins: without that, a successor misses what is on its way. */
  unsettled(): number {
    if (this.heard || this.lastEventId !== '') return 0
    const now = this.#options.clock.now()
    const { openedAt = now } = this
    const left = openedAt + BEGINNING - now
    // Who was held up hears of the time before he hears of the server.
    const isNew = left <= 0 && this.#awaited
    this.#awaited = left > 0
    return isNew ? MOMENT : left
  }

  /** Somebody else's turn. */
  end(): void {
    this.#over = true
    this.#watchdog.disarm()
    this.#abort.abort()
    guarded(() => this.#link?.close())
    this.#link = undefined
  }

  #connect(request: TransportRequest): void {
    if (this.#over) return
    const { transport, types, heartbeatTimeout } = this.#options
    // A server that has not shown heartbeats yet may be as quiet as it likes.
    if (heartbeatTimeout === undefined) this.#watchdog.disarm()
    else this.#watchdog.arm()
    this.url = request.url
    try {
      const sink = silenced(this.#listening(), () => this.#over)
      this.#link = transport.connect(request, sink, [HEARTBEAT, ...types()])
    } catch (cause) {
      this.#close({ kind: 'network', cause })
    }
    // Before it returned, a transport may have ended the attempt, and what it told may have brought new readers.
    if (this.#over) this.end()
    else this.listen(types())
  }

  #listening(): TransportSink {
    const sink = this.#sink
    const watchdog = this.#watchdog
    return {
      ...sink,
      open: () => {
        watchdog.feed()
        sink.open()
        this.openedAt = this.#options.clock.now()
        this.heard = false
      },
      receive: (events, lastEventId, url) => {
        watchdog.feed()
        for (const { type } of events) if (type === HEARTBEAT) watchdog.arm()
        this.heard ||= events.length > 0
        sink.receive(events, lastEventId, url)
      },
      active: (bytes, comments) => {
        watchdog.feed()
        if (comments) watchdog.arm()
        sink.active(bytes, comments)
      },
      close: (outcome) => {
        // It has ended by itself: nothing is left to close.
        this.#link = undefined
        this.#close(outcome)
      },
    }
  }

  #close(outcome: Outcome | Elsewhere): void {
    if (this.#over) return
    this.end()
    this.#sink.close(outcome)
  }
}

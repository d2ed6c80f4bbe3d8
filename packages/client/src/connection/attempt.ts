import { batch } from '@preact/signals-core'
import type { Clock } from '../clock.ts'
import { guarded, type StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'
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

/** Who follows attempts. */
export interface AttemptObserver {
  /** It was accepted: for the first time, or, as `openedAt` and `heard` still tell, once more. */
  readonly opened: (attempt: Attempt) => void
  /** It has come further than where it started. */
  readonly moved: (lastEventId: string) => void
  /** With the URL of the request that the events came by. */
  readonly received: (events: readonly RawEvent[], url: string) => void
  readonly active: (bytes: number) => void
  readonly skipped: (size: number) => void
  readonly retry: (delay: number) => void
  readonly interrupted: (attempt: Attempt, error?: StreamError, retryAt?: number) => void
  readonly ended: (attempt: Attempt, outcome: Outcome | Elsewhere) => void
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

/** One request, from the asking to its end. Once it is over, nothing it still says is heard. */
export class Attempt {
  /** How far it has come; at first, where it started. */
  lastEventId: string
  /** When it was last accepted; `undefined` where it was not yet. */
  openedAt: number | undefined
  /** Whether it has brought an event since it was accepted. */
  heard = false
  readonly #options: AttemptOptions
  readonly #observer: AttemptObserver
  readonly #abort = new AbortController()
  readonly #watchdog: Watchdog
  #link: Link | undefined
  #over = false
  #url = ''

  constructor(options: AttemptOptions, lastEventId: string, observer: AttemptObserver) {
    const { clock, heartbeatTimeout = DEFAULT_HEARTBEAT_TIMEOUT } = options
    this.#options = options
    this.lastEventId = lastEventId
    this.#observer = observer
    this.#watchdog = createWatchdog(clock, heartbeatTimeout, () => {
      const cause = new Error('The function did not answer in time.')
      const outcome: Outcome = this.#url === '' ? { kind: 'request', cause } : { kind: 'silent' }
      this.end()
      observer.ended(this, outcome)
    })
  }

  begin(about: Omit<AttemptContext, 'signal'>): void {
    const fail = (cause: unknown) => this.#ended({ kind: 'request', cause })
    try {
      const made = this.#options.request(this.lastEventId, { signal: this.#abort.signal, ...about })
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
    const now = this.#options.clock.now()
    const { openedAt = now } = this
    return this.heard || this.lastEventId !== '' ? 0 : openedAt + BEGINNING - now
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
    this.#url = request.url
    try {
      const sink = silenced(this.#sink(), () => this.#over)
      this.#link = transport.connect(request, sink, [HEARTBEAT, ...types()])
    } catch (cause) {
      this.#ended({ kind: 'network', cause })
    }
    // Before it returned, a transport may have ended the attempt, and what it told may have brought new readers.
    if (this.#over) this.end()
    else this.listen(types())
  }

  #sink(): TransportSink {
    const observer = this.#observer
    const watchdog = this.#watchdog
    return {
      open: () => {
        watchdog.feed()
        observer.opened(this)
        this.openedAt = this.#options.clock.now()
        this.heard = false
      },
      receive: (events, lastEventId, url = this.#url) => {
        if (watchdog.armed()) watchdog.feed()
        else if (events.some(({ type }) => type === HEARTBEAT)) watchdog.arm()
        this.heard ||= events.length > 0
        // An attempt that repeats where it started says nothing new: another may have come further meanwhile.
        if (lastEventId !== this.lastEventId) {
          this.lastEventId = lastEventId
          observer.moved(lastEventId)
        }
        observer.received(events, url)
      },
      together: (tell) => guarded(() => batch(tell)),
      active: (bytes, comments) => {
        watchdog.feed()
        if (comments) watchdog.arm()
        observer.active(bytes)
      },
      skipped: observer.skipped,
      retry: observer.retry,
      interrupted: (error, retryAt) => observer.interrupted(this, error, retryAt),
      close: (outcome) => this.#ended(outcome),
    }
  }

  /** It has ended by itself: nothing is left to close. */
  #ended(outcome: Outcome | Elsewhere): void {
    if (this.#over) return
    this.#link = undefined
    this.end()
    this.#observer.ended(this, outcome)
  }
}

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
import {
  decide,
  type Circumstances,
  type Decided,
  type Decision,
  type RetryPolicy,
} from './retry.ts'
import { Watchdog } from './watchdog.ts'

/** Milliseconds of silence after which a link is taken for dead, where heartbeats were heard on it. */
const DEFAULT_HEARTBEAT_TIMEOUT = 45_000

/** The event type by which a server is heard where comments are not: on a native `EventSource`. */
const HEARTBEAT = 'heartbeat'

/** What a function that makes a request may want to know of the attempt it is for. */
export interface AttemptContext {
  /** Aborted when the attempt is no longer wanted. */
  readonly signal: AbortSignal
  /** Failures in a row so far. */
  readonly failures: number
  /** The status that the last attempt was refused with, 401 say: time for a fresh token. */
  readonly status: number | undefined
}

/** Who follows an attempt. */
interface AttemptObserver {
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
  /** The cursor to start from. */
  readonly lastEventId: string
  readonly failures: number
  readonly status: number | undefined
  readonly clock: Clock
  readonly retry: RetryPolicy
  /** Whether the next request may carry a fresh token. */
  readonly fresh: boolean
  readonly once: boolean
  /** Milliseconds; `undefined` for the default, which waits for a first heartbeat. */
  readonly heartbeatTimeout: number | undefined
  readonly observer: AttemptObserver
}

/** One request, from the asking to its end. Once it is over, nothing it still says is heard. */
export class Attempt {
  readonly #options: AttemptOptions
  readonly #abort = new AbortController()
  readonly #watchdog: Watchdog
  #link: Link | undefined
  #over = false
  #url = ''
  #lastEventId: string
  #openedAt: number | undefined
  #heard = false

  constructor(options: AttemptOptions) {
    const { clock, heartbeatTimeout = DEFAULT_HEARTBEAT_TIMEOUT, lastEventId } = options
    this.#options = options
    this.#lastEventId = lastEventId
    this.#watchdog = new Watchdog(clock, heartbeatTimeout, () => this.#fellSilent())
  }

  /** How far it has come; at first, where it started. */
  get lastEventId(): string {
    return this.#lastEventId
  }

  /** When it was last accepted; `undefined` where it was not yet. */
  get openedAt(): number | undefined {
    return this.#openedAt
  }

  /** Whether it has brought an event since it was accepted. */
  get heard(): boolean {
    return this.#heard
  }

  begin(): void {
    const { request, failures, status, heartbeatTimeout } = this.#options
    const fail = (cause: unknown) => this.#ended({ kind: 'request', cause })
    const { signal } = this.#abort
    try {
      const made = request(this.#lastEventId, { signal, failures, status })
      if (heartbeatTimeout !== undefined || made instanceof Promise) this.#watchdog.arm()
      // A request without functions goes out in this very turn.
      if (made instanceof Promise) made.then((ready) => this.#connect(ready)).catch(fail)
      else this.#connect(made)
    } catch (cause) {
      fail(cause)
    }
  }

  /** What follows from its end. */
  decide(outcome: Decided, given: Pick<Circumstances, 'streak' | 'serverDelay'>): Decision {
    const { retry, clock, fresh, once } = this.#options
    return decide(outcome, {
      ...given,
      policy: retry,
      now: clock.now(),
      random: clock.random(),
      openedAt: this.#openedAt,
      heard: this.#heard,
      fresh: fresh && !once,
      once,
    })
  }

  /** Has the transport hear these event types too. */
  listen(types: Iterable<string>): void {
    this.#link?.listen(types)
  }

  /** Looks at once whether the link is still alive. */
  look(): void {
    this.#watchdog.look()
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
    else this.#watchdog.feed()
    this.#url = request.url
    try {
      this.#link = transport.connect(request, this.#sink(), [HEARTBEAT, ...types()])
    } catch (cause) {
      this.#ended({ kind: 'network', cause })
    }
    // Before it returned, a transport may have ended the attempt, and what it told may have brought new readers.
    if (this.#over) this.end()
    else this.listen(types())
  }

  #sink(): TransportSink {
    const { observer } = this.#options
    const unlessOver =
      <Arguments extends unknown[]>(hear: (...args: Arguments) => void) =>
      (...args: Arguments) => {
        if (!this.#over) hear(...args)
      }
    return {
      open: unlessOver(() => {
        this.#watchdog.feed()
        observer.opened(this)
        this.#openedAt = this.#options.clock.now()
        this.#heard = false
      }),
      receive: unlessOver((events, lastEventId, url = this.#url) => {
        this.#hear(!this.#watchdog.armed && events.some(({ type }) => type === HEARTBEAT))
        this.#heard ||= events.length > 0
        // An attempt that repeats where it started says nothing new: another may have come further meanwhile.
        if (lastEventId !== this.#lastEventId) {
          this.#lastEventId = lastEventId
          observer.moved(lastEventId)
        }
        observer.received(events, url)
      }),
      active: unlessOver((bytes, comments) => {
        this.#hear(comments)
        observer.active(bytes)
      }),
      skipped: unlessOver(observer.skipped),
      retry: unlessOver(observer.retry),
      interrupted: unlessOver((error, retryAt) => {
        observer.interrupted(this, error, retryAt)
      }),
      close: (outcome) => {
        this.#ended(outcome)
      },
    }
  }

  #hear(heartbeat: boolean): void {
    this.#watchdog.feed()
    if (heartbeat) this.#watchdog.arm()
  }

  #fellSilent(): void {
    const outcome: Outcome =
      this.#url === ''
        ? { kind: 'request', cause: new Error('The function did not answer in time.') }
        : { kind: 'silent' }
    const link = this.#link
    this.#ended(outcome)
    guarded(() => link?.close())
  }

  #ended(outcome: Outcome | Elsewhere): void {
    if (this.#over) return
    this.#over = true
    this.#watchdog.disarm()
    this.#abort.abort()
    // It has ended by itself: nothing is left to close.
    this.#link = undefined
    this.#options.observer.ended(this, outcome)
  }
}

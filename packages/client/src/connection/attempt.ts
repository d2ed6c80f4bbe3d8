import { report } from '../errors.ts'
import type { RawEvent } from '../event.ts'
import type {
  Link,
  Outcome,
  Transport,
  TransportRequest,
  TransportSink,
} from '../transport/transport.ts'

/** Who follows an attempt. */
interface AttemptObserver {
  readonly opened: (attempt: Attempt) => void
  /** It has come further than where it started. */
  readonly moved: (lastEventId: string) => void
  readonly received: (attempt: Attempt, events: readonly RawEvent[]) => void
  readonly retry: (delay: number) => void
  readonly interrupted: (attempt: Attempt) => void
  readonly ended: (attempt: Attempt, outcome: Outcome) => void
}

export interface AttemptOptions {
  readonly transport: Transport
  readonly request: (lastEventId: string) => TransportRequest | Promise<TransportRequest>
  /** The event types somebody reads now. */
  readonly types: () => Iterable<string>
  /** The cursor to start from. */
  readonly lastEventId: string
  readonly observer: AttemptObserver
}

/** One request, from the asking to its end. Once it is over, nothing it still says is heard. */
export class Attempt {
  readonly #options: AttemptOptions
  #link: Link | undefined
  #over = false
  #url = ''
  #lastEventId: string

  constructor(options: AttemptOptions) {
    this.#options = options
    this.#lastEventId = options.lastEventId
  }

  /** The URL that was asked for. */
  get url(): string {
    return this.#url
  }

  begin(): void {
    const fail = (cause: unknown) => {
      this.#ended({ kind: 'network', cause })
    }
    try {
      const request = this.#options.request(this.#lastEventId)
      // A request without functions goes out in this very turn.
      if (request instanceof Promise) request.then((ready) => this.#connect(ready)).catch(fail)
      else this.#connect(request)
    } catch (cause) {
      fail(cause)
    }
  }

  /** Has the transport hear these event types too. */
  listen(types: Iterable<string>): void {
    this.#link?.listen(types)
  }

  /** Somebody else's turn. */
  end(): void {
    this.#over = true
    try {
      this.#link?.close()
    } catch (error) {
      report(error)
    }
    this.#link = undefined
  }

  #connect(request: TransportRequest): void {
    if (this.#over) return
    const { transport, types } = this.#options
    this.#url = request.url
    this.#link = transport.connect(request, this.#sink(), types())
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
        observer.opened(this)
      }),
      receive: unlessOver((events, lastEventId) => {
        // An attempt that repeats where it started says nothing new: another may have come further meanwhile.
        if (lastEventId !== this.#lastEventId) {
          this.#lastEventId = lastEventId
          observer.moved(lastEventId)
        }
        observer.received(this, events)
      }),
      active: unlessOver(() => {}),
      skipped: unlessOver(() => {}),
      retry: unlessOver(observer.retry),
      interrupted: unlessOver(() => {
        observer.interrupted(this)
      }),
      close: (outcome) => {
        this.#ended(outcome)
      },
    }
  }

  #ended(outcome: Outcome): void {
    if (this.#over) return
    this.#over = true
    // It has ended by itself: nothing is left to close.
    this.#link = undefined
    this.#options.observer.ended(this, outcome)
  }
}
